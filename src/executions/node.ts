import type { Failure } from '#engine/events.ts'
import { retryAt } from '#engine/retry.ts'
import { type Cell, pathOf } from '#engine/state.ts'
import { redactor, redactValue } from '#vault/redact.ts'
import { cacheKey, findKept, type Kept } from './cache.ts'
import { makeContext, type NodeContext } from './context.ts'
import { failureOf, isRepeatable, NodeTimeout } from './failure.ts'
import { forsake } from './meter.ts'
import { askFirst, Unallowed, waitForPermission } from './permission.ts'
import type { Part } from './plans.ts'
import { append, type Run } from './run.ts'
import { type Scope, scopeOf } from './scope.ts'
import { type Settled, saidBy, settle } from './settle.ts'
import type { Shell } from './shell.ts'

/** One attempt of one node. */
export type Attempt = {
  readonly cell: Cell
  readonly part: Part
  readonly attempt: number
  readonly controller: AbortController
  from: number
  context: NodeContext | null
  /** Where its output is kept for the next time, and what was kept there. */
  cache: { key: string; kept: Kept | null } | null
}

/** Begins an attempt: at once where nothing outside is touched, else when everything it depends on is on disk. */
export function begin(shell: Shell, run: Run, cell: Cell, attempt: number): void {
  const part = run.ready.parts.get(cell.node)
  const now = shell.world.clock.now()
  if (!part) {
    const failure = {
      code: 'block.unknown',
      message: `There is no block ${cell.node.block} in version ${cell.node.version} here.`,
    }
    append(run, { type: 'failed', at: now, from: now, path: pathOf(cell), attempt, failure, retryAt: null })
    return
  }
  const it: Attempt = { cell, part, attempt, controller: new AbortController(), from: now, context: null, cache: null }
  if (cell.node.askFirst && !cell.allowed) {
    follow(shell, run, it, askFirst(shell, run, it, inputSoon(shell, run, it)))
    return
  }
  if (cell.node.effect === 'pure') {
    perform(shell, run, it)
    return
  }
  if (cell.node.effect === 'once') append(run, { type: 'started', at: now, path: pathOf(cell), attempt })
  run.running.set(cell, it.controller)
  const go = () => {
    if (isMine(run, it)) perform(shell, run, it)
  }
  if (run.durable === run.appended) go()
  else run.onDisk.push({ after: run.appended, go })
}

/** Is the attempt still of interest? What was given up may not be heard any more. */
const isMine = (run: Run, { cell, controller }: Attempt) =>
  !run.gone && run.state.frames.get(cell.frame.path) === cell.frame && run.running.get(cell) === controller

function perform(shell: Shell, run: Run, it: Attempt): void {
  it.from = shell.world.clock.now()
  try {
    const going = inputOf(shell, run, it)
    const result = going instanceof Promise ? going.then(input => call(shell, run, it, input)) : call(shell, run, it, going)
    if (!(result instanceof Promise)) {
      const settled = settle(shell, run, it, result)
      if (!(settled instanceof Promise)) {
        run.running.delete(it.cell)
        append(run, settled.event, settled.extra)
        return
      }
      follow(shell, run, it, settled)
      return
    }
    follow(
      shell,
      run,
      it,
      inTime(it, result).then(value => settle(shell, run, it, value)),
    )
  } catch (error) {
    fail(shell, run, it.cell, it.from, error, it)
  }
}

/** Something that takes its time: heard when it is over, unless it was given up. */
function follow(shell: Shell, run: Run, it: Attempt, going: Promise<Settled>): void {
  run.running.set(it.cell, it.controller)
  const { cell } = it
  const done = (then: () => void) => {
    it.context?.over()
    if (!isMine(run, it)) return forsake(shell, run, it.context?.meter)
    run.running.delete(cell)
    then()
    dropVoid(run)
    shell.advance(run)
  }
  going.then(
    ({ event, extra }) => done(() => append(run, event, extra)),
    error =>
      done(() => {
        if (!(error instanceof Unallowed)) return fail(shell, run, cell, it.from, error, it)
        const { event, extra } = waitForPermission(shell, run, it, error.ask)
        append(run, event, extra)
      }),
  )
}

/** Where a turn was given up, what still runs in it is told. */
function dropVoid(run: Run): void {
  for (const [cell, controller] of run.running) {
    if (run.state.frames.get(cell.frame.path) === cell.frame) continue
    controller.abort()
    run.running.delete(cell)
  }
}

function inTime<T>({ part, controller }: Attempt, going: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const { timeout } = part
      reject(new NodeTimeout(`It took longer than ${timeout / 1000} s.`))
      controller.abort()
    }, part.timeout)
    going.then(resolve, reject).then(() => clearTimeout(timer))
  })
}

function inputOf(shell: Shell, run: Run, { part, cell, from }: Attempt): unknown {
  const { filler } = part
  if (!filler) return part.constant
  const read = (scope: Scope) => part.block.input.parse({ ...Object(filler.fill(scope)), ...part.raw })
  const scope = scopeOf(shell, run, cell.frame, filler.roots, from)
  return scope instanceof Promise ? scope.then(read) : read(scope)
}

async function inputSoon(shell: Shell, run: Run, it: Attempt): Promise<unknown> {
  return inputOf(shell, run, it)
}

function call(shell: Shell, run: Run, it: Attempt, input: unknown): unknown {
  const { block, credential, later, cache } = it.part
  if (credential === null && later.size === 0 && cache === null && !block.offer) {
    it.context = makeContext(shell, run, it, null, null)
    return block.run(input, it.context)
  }
  return prepared(shell, run, it, input)
}

/** With the values of the credential, and what the fields name that are filled item by item. */
function prepared(shell: Shell, run: Run, it: Attempt, input: unknown): unknown {
  const { block, credential, later, cache } = it.part
  const names = new Set([...later.values()].flatMap(filler => [...filler.roots]))
  for (const name of ['item', 'index']) names.delete(name)
  if (block.offer) names.add('item')
  const scope = scopeOf(shell, run, it.cell.frame, names, it.from)
  const go = (seen: Scope, values: NodeContext['credential']) => {
    it.context = makeContext(shell, run, it, values, seen)
    it.context.asked = block.offer ? askedIn(it, seen.item) : null
    return cache === null ? block.run(input, it.context) : cached(shell, run, it, input, seen, it.context)
  }
  if (credential === null && !(scope instanceof Promise)) return go(scope, null)
  const opened = credential === null ? null : shell.credential(run.workspace, credential)
  return Promise.all([scope, opened]).then(([seen, values]) => go(seen, values))
}

/** The tool that a model called, where the node stands in a container that calls. */
function askedIn({ cell }: Attempt, item: unknown): NodeContext['asked'] {
  const { tool, input } = Object(item)
  return cell.frame.container?.node.loop === 'calls' && typeof tool === 'string' ? { tool, input } : null
}

/** Runs it only where what it would put out is not kept. */
async function cached(shell: Shell, run: Run, it: Attempt, input: unknown, seen: Scope, context: NodeContext): Promise<unknown> {
  const key = await cacheKey(shell, run.workspace, it.part, input, seen)
  it.cache = { key, kept: await findKept(shell, run.workspace, key) }
  return it.cache.kept ? null : it.part.block.run(input, context)
}

/** Writes down that a node failed, and when it is tried again. */
export function fail(shell: Shell, run: Run, cell: Cell, from: number, error: unknown, it?: Attempt): void {
  const now = shell.world.clock.now()
  const attempt = it?.attempt ?? cell.attempt + 1
  run.running.delete(cell)
  const secrets = Object.values(it?.context?.credential?.values ?? {})
  const failure = failureOf(error, shell.world.log, { execution: run.id, path: pathOf(cell) })
  const safe = secrets.length > 0 ? (redactValue(redactor(secrets), failure) as Failure) : failure
  const again = isRepeatable(error)
  const at = again === false ? null : retryAt(cell.node.retry, attempt, now, shell.chance(), again.after)
  append(run, {
    type: 'failed',
    at: now,
    from,
    path: pathOf(cell),
    attempt,
    failure: safe,
    retryAt: at,
    ...saidBy(it?.context),
  })
}
