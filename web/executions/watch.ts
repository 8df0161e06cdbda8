import type { Event } from '#engine/events.ts'
import { executionEvents } from '#executions/contract.ts'
import type { Catalogue } from '../canvas/catalogue.ts'
import type { Drawing } from '../canvas/drawing.ts'
import type { States } from '../canvas/states.ts'
import { type Line, follow as listen } from '../live.ts'
import { type Course, follow, type Standing } from './course.ts'
import { reader } from './journal.ts'
import { statesOf } from './states.ts'

/** What is known of an execution at a moment. */
export type Sight = {
  events: readonly Event[]
  standings: ReadonlyMap<string, Standing>
  states: States
  line: Line | 'first'
  /** Everything that happened until now has been heard. */
  over: boolean
}

/** An execution that is watched. */
export type Watch = { sight(): Sight; hear(ear: () => void): () => void; begin(): () => void }

/** So often at most a screen is drawn anew, in milliseconds: 200 changes a second are no more readable than ten. */
const BEAT = 100

/** Watches an execution of a workflow: its journal from the beginning, and what happens from now on. */
export function makeWatch(id: string, drawing: Drawing, catalogue: Catalogue): Watch {
  const { read, place } = reader()
  const events: Event[] = []
  const course = courseOf(drawing, catalogue)
  const ears = new Set<() => void>()
  const now = { line: 'first' as Sight['line'], over: false, timer: undefined as ReturnType<typeof setTimeout> | undefined }
  const look = (before?: Sight): Sight => {
    const standings = course.standings()
    return { events: [...events], standings, states: statesOf(standings, before?.states), line: now.line, over: now.over }
  }
  let seen = look()
  const tell = () => {
    now.timer ??= setTimeout(() => {
      now.timer = undefined
      seen = look(seen)
      for (const ear of ears) ear()
    }, BEAT)
  }
  return {
    sight: () => seen,
    hear(ear) {
      ears.add(ear)
      return () => void ears.delete(ear)
    },
    begin() {
      const stop = new AbortController()
      now.over = false
      void listen(executionEvents, {
        params: { id },
        after: place(),
        signal: stop.signal,
        line(line) {
          now.line = line
          tell()
        },
        hear(heard) {
          const news = read(heard)
          if (news?.is === 'event') {
            events.push(news.event)
            course.push(news.event)
          }
          if (news?.is === 'piece') course.hear(news.piece)
          if (news?.is === 'end') {
            now.over = true
            stop.abort()
          }
          if (news) tell()
        },
      })
      return () => {
        stop.abort()
        clearTimeout(now.timer)
        now.timer = undefined
      }
    },
  }
}

const LOOPS = ['list', 'until', 'once', 'calls'] as const

/** The course of an execution of this workflow, from nothing on. */
function courseOf(drawing: Drawing, catalogue: Catalogue): Course {
  return follow(drawing, (block, version) => {
    const loop = catalogue.of({ block, version })?.loop
    return LOOPS.find(one => one === loop) ?? null
  })
}

/** How everything stood when only so much of the journal had been written. */
export function sightAt(
  events: readonly Event[],
  count: number,
  drawing: Drawing,
  catalogue: Catalogue,
): ReadonlyMap<string, Standing> {
  const course = courseOf(drawing, catalogue)
  for (const event of events.slice(0, count)) course.push(event)
  return course.standings()
}
