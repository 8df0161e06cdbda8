import type { Call, Event, Held, Stop } from '#engine/events.ts'
import { pathOf } from '#engine/state.ts'
import type { Ending } from '#sdk/ending.ts'
import { isEnding } from '#sdk/ending.ts'
import { redactor, redactValue } from '#vault/redact.ts'
import { keeping } from './cache.ts'
import type { NodeContext } from './context.ts'
import { holdMade } from './hold.ts'
import type { Attempt } from './node.ts'
import { pauseFor, startChild } from './pause.ts'
import type { Run, Statement } from './run.ts'
import type { Shell } from './shell.ts'

/** What is written down of an attempt. */
export type Settled = { event: Event; extra: Statement[] }

/** What is written down of what a node answered with, and of what it told of. */
export function settle(shell: Shell, run: Run, it: Attempt, result: unknown): Settled | Promise<Settled> {
  const settled = settleResult(shell, run, it, result)
  const told = it.context?.told ?? []
  if (told.length === 0) return settled
  const add = ({ event, extra }: Settled): Settled => ({ event, extra: [...extra, ...told] })
  return settled instanceof Promise ? settled.then(add) : add(settled)
}

function settleResult(shell: Shell, run: Run, it: Attempt, result: unknown): Settled | Promise<Settled> {
  const kept = it.cache?.kept
  if (kept) return { event: { type: 'done', ...traceOf(shell, it), ...kept, cached: true }, extra: [] }
  if (!isEnding(result)) return done(shell, run, it, 'main', result)
  switch (result.how) {
    case 'leave':
      return done(shell, run, it, result.outlet, result.output, { also: result.also })
    case 'stop':
      return done(shell, run, it, 'main', result.output, { stop: { outcome: result.outcome, message: result.message } })
    case 'reply':
      return withReply(shell, run, it, result)
    case 'call':
      return called(shell, run, it, result)
    case 'turns':
      return opened(shell, run, it, result)
    case 'pause':
      return pauseFor(shell, run, it, result.pause)
    case 'child':
      return startChild(shell, run, it, result)
  }
}

/** What an attempt said and used, where it did. */
export function saidBy(context: NodeContext | null | undefined) {
  const { lines = [], partial = '' } = context ?? {}
  const usage = context?.meter?.usage ?? []
  return {
    ...(lines.length > 0 ? { lines } : {}),
    ...(usage.length > 0 ? { usage } : {}),
    ...(partial === '' ? {} : { partial }),
  }
}

/** The events of an attempt have this in common. */
export function traceOf(shell: Shell, { cell, attempt, from, context }: Attempt) {
  return { at: shell.world.clock.now(), from, path: pathOf(cell), attempt, ...saidBy(context) }
}

function done(
  shell: Shell,
  run: Run,
  it: Attempt,
  outlet: string,
  output: unknown,
  { also = [], stop, reply }: { also?: readonly string[]; stop?: Stop; reply?: Held } = {},
): Settled | Promise<Settled> {
  const { credential } = it.context ?? {}
  const safe = credential ? redactValue(redactor(Object.values(credential.values)), output) : output
  const held = holdMade(shell, run, safe)
  const { part, cache } = it
  const more = also.length > 0 ? { also: [...also] } : {}
  // Who tells of something does so each time.
  const isKept = !stop && !reply && (it.context?.told.length ?? 0) === 0
  const keep = (output: Held) =>
    cache && part.cache !== null && isKept ? [keeping(shell, run, cache.key, { outlet, ...more, output }, part.cache)] : []
  const settled = (value: Held): Settled => ({
    event: {
      type: 'done',
      ...traceOf(shell, it),
      outlet,
      ...more,
      output: value,
      ...(stop ? { stop } : {}),
      ...(reply ? { reply } : {}),
    },
    extra: keep(value),
  })
  return held instanceof Promise ? held.then(settled) : settled(held)
}

function withReply(shell: Shell, run: Run, it: Attempt, { reply, output }: Extract<Ending, { how: 'reply' }>) {
  const held = holdMade(shell, run, reply)
  if (held instanceof Promise) return held.then(value => done(shell, run, it, 'main', output, { reply: value }))
  return done(shell, run, it, 'main', output, { reply: held })
}

async function called(
  shell: Shell,
  run: Run,
  it: Attempt,
  { said, calls, atOnce }: Extract<Ending, { how: 'call' }>,
): Promise<Settled> {
  const held: Call[] = []
  for (const { node, item } of calls) held.push({ node, item: await holdMade(shell, run, item) })
  const words = await holdMade(shell, run, said)
  return { event: { type: 'called', ...traceOf(shell, it), said: words, calls: held, atOnce }, extra: [] }
}

function opened(
  shell: Shell,
  run: Run,
  it: Attempt,
  { list, most, atOnce, onItemError }: Extract<Ending, { how: 'turns' }>,
): Settled | Promise<Settled> {
  const held = holdMade(shell, run, list)
  const at = shell.world.clock.now()
  const settled = (value: Held): Settled => ({
    event: { type: 'opened', at, path: pathOf(it.cell), list: value, most, atOnce, onItemError },
    extra: [],
  })
  return held instanceof Promise ? held.then(settled) : settled(held)
}
