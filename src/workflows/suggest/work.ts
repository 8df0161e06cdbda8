import type { Problem } from '#engine/check.ts'
import { Fault, messageOf } from '#errors.ts'
import type { Member } from '#http/caller.ts'
import type { StreamEvent } from '#http/stream.ts'
import type { Ask, Reply } from '#sdk/model.ts'
import { spot } from '#workflows/check/spot.ts'
import type { WorkflowDocument } from '#workflows/document.ts'
import { problemsOf } from '#workflows/validate.ts'
import type { World } from '#world.ts'
import { type Plan, readAnswer } from './answer.ts'
import { linesOf, nextAsk, type Wrong } from './ask.ts'
import { type Base, compose } from './compose.ts'
import { nothing, plus, type Spent } from './count.ts'
import { faultOf } from './fault.ts'
import { paid } from './pay.ts'
import { watching } from './watch.ts'

/** How often a model is asked to mend what it has made. */
const REPAIRS = 3
/** No workflow that a model is asked for is this long: it does not stop any more. */
const LONGEST = 300_000

/** A design at work. */
export type Task = {
  world: World
  caller: Member
  workflow: string | null
  first: Ask
  base: Base
  /** What was wrong before; it is not this model's to mend. */
  before: readonly Problem[]
  signal: AbortSignal
  /** Told of everything that was spent, as it is. */
  spend: (spent: Spent) => void
}

/** What came of an answer. */
type Attempt = { plan: Plan; document: WorkflowDocument; problems: Problem[]; open: Problem[] }

/** What came of a design. */
export type Design = Pick<Attempt, 'document' | 'problems'> & { explanation: string; repairs: number; spent: Spent }

/** Asks a model for a workflow, checks what it makes, and lets it mend that; tells how it goes. */
export async function* design(task: Task): AsyncGenerator<StreamEvent, Design> {
  let best: Attempt | null = null
  let ask = task.first
  let spent = nothing()
  let wrong: string[] = []
  for (let repairs = 0; ; repairs += 1) {
    let reply: Reply
    try {
      spent = { ...spent, asks: spent.asks + 1 }
      task.spend(spent)
      yield { event: 'thinking', data: { model: ask.model, demo: ask.model.startsWith('demo/'), attempt: repairs + 1 } }
      reply = yield* asked(task, ask)
      spent = plus(spent, reply)
      task.spend(spent)
    } catch (error) {
      if (best === null) throw faultOf(error)
      // What there is already is better than nothing; a caller who has gone hears neither.
      const why = spot(null, null, 'plan.not_mended', `It could not be mended any further. ${messageOf(error)}`, 'warning')
      return { ...ended(best, repairs, spent), problems: [...best.problems, why] }
    }
    const { attempt, fault } = await tried(task, reply)
    if (attempt) yield { event: 'problems', data: { problems: attempt.problems } }
    if (attempt && (best === null || attempt.open.length <= best.open.length)) best = attempt
    wrong = fault?.lines ?? []
    const isOver = fault === null || repairs === REPAIRS
    if (isOver && best) return ended(best, repairs, spent)
    if (isOver) throw new Fault('ai.no_workflow', { message: `What the model answered is no workflow. ${wrong[0] ?? ''}`.trim() })
    yield { event: 'repair', data: { attempt: repairs + 1, of: REPAIRS, problems: wrong } }
    const concerned = attempt?.open.flatMap(({ node }) => node ?? []) ?? []
    ask = nextAsk(task.first, reply, fault ?? { document: null, lines: [] }, concerned, task.base.library)
  }
}

const ended = ({ plan, document, problems }: Attempt, repairs: number, spent: Spent): Design => ({
  document,
  problems,
  explanation: plan.explanation.trim(),
  repairs,
  spent,
})

/** Asks once, and tells of the nodes while they are written. */
async function* asked(task: Task, ask: Ask): AsyncGenerator<StreamEvent, Reply> {
  const said: StreamEvent[] = []
  const over = new AbortController()
  let wake = () => {}
  let letters = 0
  const watch = watching(node => {
    said.push({ event: 'draft', data: node })
    wake()
  })
  const text = (piece: string) => {
    letters += piece.length
    if (letters > LONGEST) over.abort(new Fault('ai.no_workflow', { message: 'The model did not stop writing.' }))
    else watch(piece)
  }
  let end: { reply: Reply } | { error: unknown } | null = null
  const done = (it: NonNullable<typeof end>) => {
    end = it
    wake()
  }
  const { world, caller, signal } = task
  const heard = { signal: AbortSignal.any([signal, over.signal]), text }
  void paid(task, ask, it => world.models.ask(caller.workspace, it, heard)).then(
    reply => done({ reply }),
    error => done({ error }),
  )
  for (;;) {
    yield* said.splice(0)
    const it = end as { reply: Reply } | { error: unknown } | null
    if (it !== null && 'error' in it) throw it.error
    if (it !== null) return it.reply
    await new Promise<void>(resolve => {
      wake = resolve
      if (end !== null || said.length > 0) resolve()
    })
  }
}

/** What an answer makes, and what the model is to mend of it; null where that is nothing. */
async function tried(task: Task, reply: Reply): Promise<{ attempt: Attempt | null; fault: Wrong | null }> {
  const { world, caller, workflow, base, before } = task
  const read = readAnswer(reply.text)
  if ('wrong' in read) {
    const cut = reply.finish === 'length' ? ['The answer was cut off because it became too long. Design it smaller.'] : []
    return { attempt: null, fault: { document: null, lines: [...cut, ...read.wrong] } }
  }
  const { document, problems: own } = compose(read.plan, base)
  const found = await problemsOf(world.db, base.library, caller.workspace, workflow, document)
  const problems = [...own, ...found]
  const open = problems.filter(one => isOpen(one, before))
  const attempt = { plan: read.plan, document, problems, open }
  // A model that has nothing to make has said why.
  const isDone = open.length === 0 || isEmpty(read.plan)
  return { attempt, fault: isDone ? null : { document, lines: linesOf(open, document) } }
}

const isEmpty = ({ nodes, connect, disconnect, remove, explanation }: Plan) =>
  explanation.trim() !== '' && [nodes, connect, disconnect, remove].every(list => list.length === 0)

/** Only a person can add a credential; and a box that nothing leads to is no error, but nobody asked for it either. */
const isOpen = (problem: Problem, before: readonly Problem[]) =>
  (problem.severity === 'error' || problem.code === 'node.unreachable') &&
  problem.code !== 'credential.missing' &&
  !before.some(one => one.node === problem.node && one.field === problem.field && one.code === problem.code)
