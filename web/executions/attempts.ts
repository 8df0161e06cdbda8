import type { Event, Failure, Held, Usage } from '#engine/events.ts'

/** One try of a node, at one place. */
export type Attempt = {
  attempt: number
  is: 'done' | 'failed' | 'retrying' | 'waiting' | 'allowing' | 'asking' | 'running'
  from: number
  /** When it ended; null while it has not. */
  to: number | null
  outlet: string | null
  output: Held | null
  failure: Failure | null
  lines: readonly string[]
  partial: string | null
  usage: readonly Usage[]
  cached: boolean
}

/** A node at one place: in a loop it has one for each turn. */
export type Place = { path: string; attempts: Attempt[] }

/** The last part of an address is the key of its node. */
const keyOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

/** Everything that was tried of a node, by place, in the order in which it began. */
export function placesOf(events: readonly Event[], key: string): Place[] {
  const places = new Map<string, Place>()
  for (const event of events) {
    if (!('path' in event) || event.type === 'turned' || keyOf(event.path) !== key) continue
    const place = places.get(event.path) ?? { path: event.path, attempts: [] }
    places.set(event.path, place)
    note(place.attempts, event)
  }
  return [...places.values()]
}

type OfNode = Exclude<Extract<Event, { path: string }>, { type: 'turned' }>

function note(attempts: Attempt[], event: OfNode): void {
  const number = 'attempt' in event ? event.attempt : (attempts.at(-1)?.attempt ?? 1)
  let one = attempts.find(({ attempt, to }) => attempt === number && to === null)
  if (!one) {
    one = blank(number, 'from' in event ? event.from : event.at)
    attempts.push(one)
  }
  if ('lines' in event && event.lines) one.lines = [...one.lines, ...event.lines]
  if ('usage' in event && event.usage) one.usage = [...one.usage, ...event.usage]
  if ('partial' in event && event.partial !== undefined) one.partial = event.partial
  switch (event.type) {
    case 'done':
      Object.assign(one, { is: 'done', to: event.at, outlet: event.outlet, output: event.output, cached: event.cached === true })
      return
    case 'failed':
      Object.assign(one, { is: event.retryAt === null ? 'failed' : 'retrying', to: event.at, failure: event.failure })
      return
    case 'suspended':
      one.is = event.wait.kind === 'permission' ? 'allowing' : 'waiting'
      return
    case 'asked':
      one.is = 'asking'
      return
    case 'called':
      one.output = event.said
      one.is = 'running'
      return
    default:
      one.is = 'running'
  }
}

const blank = (attempt: number, from: number): Attempt => ({
  attempt,
  is: 'running',
  from,
  to: null,
  outlet: null,
  output: null,
  failure: null,
  lines: [],
  partial: null,
  usage: [],
  cached: false,
})

/** Where in the log of the server an attempt is found: not before so many entries. */
export function entriesBefore(events: readonly Event[], path: string, attempt: number): number {
  let count = 0
  for (const event of events) {
    if (!('path' in event) || event.type === 'turned' || event.type === 'started') continue
    if (event.path === path && (!('attempt' in event) || event.attempt === attempt)) return count
    count += 1
  }
  return count
}
