import { setTimeout as sleep } from 'node:timers/promises'
import { lastOf } from '#engine/state.ts'
import { Fault } from '#errors.ts'
import { sendLetter } from '#mail/send.ts'
import type { Queue } from '#queue/queue.ts'
import type { Context, MailLetter, MailServer } from '#sdk/context.ts'
import type { World } from '#world.ts'
import { makeAddresses } from './address.ts'
import { advance } from './advance.ts'
import { makeFinds } from './find.ts'
import { heardText, listen } from './hear.ts'
import { type Journal, makeJournal } from './journal.ts'
import { type Load, type LoadLimits, makeLoad } from './load.ts'
import { countExecutions } from './metrics.ts'
import { claim } from './own.ts'
import { waitId } from './pause.ts'
import { makePlans, type Plans, type Ready } from './plans.ts'
import { append, type Run, type Statement } from './run.ts'
import { makeSentences, type Sentences } from './sentences.ts'
import { makeValues, type Values } from './values.ts'
import { write } from './write.ts'

/** Where work is refused, how much is done at once, and for how many milliseconds an owner may be silent before others take over. */
export type ShellLimits = LoadLimits & { writes: number; backlog: number; lease: number }

/** Everything that the parts of this folder share: what one process knows of the executions it owns. */
export type Shell = {
  readonly world: World
  readonly plans: Plans
  readonly values: Values
  readonly journal: Journal
  readonly queue: Queue
  readonly sentences: Sentences
  readonly limits: ShellLimits
  /** This process, for as long as it lives. */
  readonly owner: string
  readonly runs: Map<string, Run>
  /** How much each workspace has under way. */
  readonly load: Load
  readonly claiming: Set<string>
  closing: boolean
  /** May one more execution of the workspace be in memory? */
  hasRoom(workspace: string): boolean
  advance(run: Run): void
  write(run: Run): void
  /** Something may have been sent to it, or its time may have come. */
  listen(run: Run): void
  /** An execution wants attention. */
  hint(id: string, lane: number, workspace: string): void
  /** What happened is on disk. */
  told(run: Run): void
  /** It has ended in memory: what is written with its end is gathered, also from those in `ending`. */
  finished(run: Run): void
  readonly ending: ((run: Run) => readonly Statement[])[]
  /** It rests or has ended, and is on disk. */
  release(run: Run): void
  /** It is not ours any more, or never was. */
  drop(run: Run, why: Error): void
  cancel(run: Run): void
  /** After a crash a person is asked. */
  question(run: Run, path: string): Statement
  callbackUrl(execution: string, path: string): string
  /** What a callback's address names, if we have made it. */
  callbackOf(token: string): { execution: string; path: string } | null
  credential(workspace: string, id: string): Promise<NonNullable<Context['credential']>>
  mail(letter: MailLetter, server: MailServer | null, signal: AbortSignal): ReturnType<Context['mail']>
  liveVersion(workspace: string, workflow: string): Promise<Ready>
  startOf(ready: Ready, kinds: readonly string[]): string
  chance(): number
  pause(ms: number): Promise<void>
}

/** What goes on stands before what begins. */
export const RESUMED = 3

/** The topic under which news of an execution is announced. */
export const executionTopic = (id: string) => `execution/${id}`
/** The topic of all executions of a workspace. */
const executionsTopic = (workspace: string) => `executions/${workspace}`

/** Makes the shell around the heart. */
export function makeShell(world: World, limits: ShellLimits): Shell {
  const { queue } = world
  const owner = world.ids.next('own')
  const plans = makePlans(world)
  const load = makeLoad(world, owner, limits)
  const shell: Shell = {
    world,
    queue,
    limits,
    plans,
    values: makeValues(world),
    journal: makeJournal(world),
    sentences: makeSentences(world.database.kind),
    owner,
    load,
    runs: load.runs,
    claiming: new Set(),
    closing: false,
    ending: [],
    hasRoom: workspace => load.fits(workspace, shell.runs.size + shell.claiming.size),
    advance: run => advance(shell, run),
    write: run => write(shell, run),
    listen: run => void listen(shell, run),
    hint(id, lane, workspace) {
      const run = shell.runs.get(id)
      if (run) shell.listen(run)
      else queue.push({ id, lane, share: workspace })
      drain(shell)
    },
    told(run) {
      world.feed.nudge(executionTopic(run.id))
      world.feed.nudge(executionsTopic(run.workspace))
    },
    finished: run => finished(shell, run),
    release(run) {
      run.gone = true
      clearTimeout(run.timer)
      // Unless it was taken up again meanwhile.
      if (shell.runs.get(run.id) === run) shell.runs.delete(run.id)
      run.left.resolve()
      const { status, reply, failure } = run.state
      if (status !== 'running') {
        const end = { status, output: lastOf(run.state, run.state.frames.get('')), reply, failure }
        run.end = end
        run.ended.resolve(end)
        run.replied.resolve(null)
        count(run)
        if (run.row.parent_id !== null) shell.hint(run.row.parent_id, run.row.lane - RESUMED, run.workspace)
      } else {
        // Whoever waits for it here has to look: its end comes from whoever takes it up again.
        const moved = new Fault('execution.moved')
        run.ended.reject(moved)
        run.replied.reject(moved)
        if (run.rest?.until !== null && run.rest !== null && run.rest.until <= world.clock.now())
          shell.hint(run.id, run.row.lane - RESUMED, run.workspace)
      }
      drain(shell)
    },
    drop(run, why) {
      run.gone = true
      clearTimeout(run.timer)
      for (const controller of run.running.values()) controller.abort()
      if (shell.runs.get(run.id) === run) shell.runs.delete(run.id)
      run.left.resolve()
      run.begun.reject(why)
      run.ended.reject(why)
      run.replied.reject(why)
      drain(shell)
    },
    cancel(run) {
      for (const controller of run.running.values()) controller.abort()
      run.running.clear()
      run.onDisk = []
      const failure = { code: 'execution.cancelled', message: `${run.row.cancelled_by ?? 'Somebody'} cancelled it.` }
      append(run, { type: 'finished', at: world.clock.now(), outcome: 'cancelled', failure })
      shell.finished(run)
      shell.write(run)
    },
    question: (run, path) =>
      shell.sentences.wait({
        id: waitId(run.id, path),
        workspace_id: run.workspace,
        execution_id: run.id,
        path,
        kind: 'answer',
        until: null,
        token: null,
        ask: JSON.stringify({ title: 'Did this happen?', message: '', assignees: [], fields: [], remindAt: null }),
        child_id: null,
        created_at: world.clock.now(),
        heard_at: null,
        heard: null,
        taken: 0,
        remind_at: null,
        told: 0,
      }),
    ...makeAddresses(world),
    ...makeFinds(world, plans),
    mail: (letter, server, signal) => sendLetter(world.mail, letter, server, world.outbound.guard, signal),
    chance: () => Buffer.from(world.ids.secret(4), 'base64url').readUInt32BE() / 2 ** 32,
    pause: ms => sleep(ms, undefined, { ref: false }),
  }
  const count = countExecutions(shell)
  return shell
}

/** Takes what waits, as far as there is room. */
export function drain(shell: Shell): void {
  while (!shell.closing) {
    const next = shell.queue.take(shell.hasRoom)
    if (!next) return
    void claim(shell, next.id)
  }
}

/** A parent that waits hears of the end in the same write. */
function finished(shell: Shell, run: Run): void {
  run.rest = null
  for (const gather of shell.ending) run.extra.push(...gather(run))
  if (hasChild(run))
    run.extra.push(shell.sentences.orphan(run.id, `The execution ${run.id} that started it`, shell.world.clock.now()))
  if (run.row.parent_id === null || run.row.parent_path === null) return
  const { status, reply, failure } = run.state
  const now = shell.world.clock.now()
  const output =
    reply && 'value' in reply
      ? { value: Reflect.get(Object(reply.value), 'body') ?? null }
      : (reply ?? lastOf(run.state, run.state.frames.get('')))
  const heard =
    status === 'completed'
      ? heardText({ is: 'outlet', outlet: 'main', output })
      : heardText({
          is: 'failure',
          code: failure?.code ?? 'execution.failed',
          message: failure?.message ?? 'The workflow that was started did not end well.',
          details: { executionId: run.id, status },
        })
  run.extra.push(shell.sentences.answer(run.id, heard, now), shell.sentences.signal(run.row.parent_id, now))
}

/** Does it wait for another execution that it has started? */
function hasChild({ state }: Run): boolean {
  for (const frame of state.frames.values())
    for (const cell of frame.cells) if (cell.is === 'suspended' && cell.wait?.kind === 'child') return true
  return false
}
