import { useSyncExternalStore } from 'react'
import { tookText } from '../canvas/took.ts'
import { now } from '../clock.ts'
import { spoken } from '../words/words.ts'
import { type Item, tookOf } from './filter.ts'

const EVERY = 1_000

function subscribe(tick: () => void): () => void {
  const timer = setInterval(tick, EVERY)
  return () => clearInterval(timer)
}
const still = () => () => {}

/** How long it took; while it goes on, how long it has taken until now. */
export function Took({ of }: { of: Pick<Item, 'startedAt' | 'completedAt'> }) {
  const goesOn = of.startedAt !== null && of.completedAt === null
  const current = useSyncExternalStore(goesOn ? subscribe : still, () => Math.floor(now() / EVERY) * EVERY)
  const took = tookOf(of, current)
  return <span className="tabular-nums">{took === null ? '–' : tookText(took, spoken())}</span>
}
