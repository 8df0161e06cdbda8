const ENDING: unique symbol = Symbol('ending')

/** What a paused node waits for. */
export type Pause =
  | { kind: 'time'; until: number }
  /** A person decides; `expired` is left by when nobody did until then. */
  | { kind: 'approval'; until: number | null; ask: Approval }
  /** Somebody calls an address that is made for it; `expired` is left by when nobody did. */
  | { kind: 'callback'; until: number | null; note: string }

/** What a person is asked. */
export type Approval = {
  title: string
  message: string
  /** E-mail addresses of members; empty: whoever may operate. */
  assignees: string[]
  fields: ApprovalField[]
  /** When the assignees are reminded. */
  remindAt: number | null
}

/** A question of an approval. */
export type ApprovalField = {
  name: string
  title: string
  type: 'text' | 'longtext' | 'number' | 'boolean' | 'select' | 'date'
  required: boolean
  options?: string[]
  default?: unknown
}

/** An answer to the one who called. */
export type Reply = { status: number; headers: Record<string, string>; body: unknown }

/** How a node ends, other than with an output for `main`. */
export type Ending = { readonly [ENDING]: true } & How

type How =
  | { how: 'leave'; outlet: string; output: unknown; also: readonly string[] }
  | { how: 'pause'; pause: Pause }
  | { how: 'child'; workflow: string; input: unknown; wait: boolean }
  | { how: 'reply'; reply: Reply; output: unknown }
  | { how: 'stop'; outcome: 'completed' | 'failed'; message: string; output: unknown }
  | { how: 'call'; said: unknown; calls: readonly NodeCall[]; atOnce: number }
  | { how: 'turns'; list: readonly unknown[] | null; most: number; atOnce: number; onItemError: 'stop' | 'skip' | 'collect' }

/** A node inside a container that is to run, and what it finds as `{{ item }}`. */
export type NodeCall = { node: string; item: unknown }

const ending = (how: How): Ending => ({ [ENDING]: true, ...how })

/** Is this a way to end, and not an output? */
export const isEnding = (value: unknown): value is Ending => typeof value === 'object' && value !== null && ENDING in value

/** Leaves by an outlet, and by others at the same time. */
export const leave = (outlet: string, output: unknown, also: readonly string[] = []): Ending =>
  ending({ how: 'leave', outlet, output, also })

/** Waits. What is heard becomes the output: of `time` the time, of an approval the decision, of a callback what was sent. */
export const pause = (it: Pause): Ending => ending({ how: 'pause', pause: it })

/** Starts another workflow's live version; the output is what came of it, or, without waiting, its id. */
export const child = (workflow: string, input: unknown, wait: boolean): Ending => ending({ how: 'child', workflow, input, wait })

/** Answers the one who called, once. */
export const reply = (it: Reply, output: unknown): Ending => ending({ how: 'reply', reply: it, output })

/** Ends the whole execution. */
export const stop = (outcome: 'completed' | 'failed', message: string, output: unknown): Ending =>
  ending({ how: 'stop', outcome, message, output })

/** Opens a container: one turn for each entry of the list, or, without one, up to `most`. */
export const turns = (
  list: readonly unknown[] | null,
  most: number,
  { atOnce = 1, onItemError = 'stop' as 'stop' | 'skip' | 'collect' } = {},
): Ending => ending({ how: 'turns', list, most, atOnce, onItemError })

/**
 * Of a container that calls: runs these of the nodes inside, each in a turn of its own, and then the container again, which finds what
 * it said and what came of the calls in `context.rounds()`.
 */
export const call = (said: unknown, calls: readonly NodeCall[], atOnce = 8): Ending =>
  ending({ how: 'call', said, calls, atOnce })
