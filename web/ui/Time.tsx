import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { now } from '../clock.ts'
import { exactly, fromNow } from './time.ts'

const EVERY = 30_000

function subscribe(tick: () => void): () => void {
  const timer = setInterval(tick, EVERY)
  return () => clearInterval(timer)
}

/** A time as a distance from now; the exact one is in its title. */
export function Time({ at }: { at: string }) {
  const { i18n } = useTranslation()
  const current = useSyncExternalStore(subscribe, () => Math.floor(now() / EVERY) * EVERY)
  // A clock of the server that is a little ahead must not make the past the future.
  const seen = new Date(at).getTime() - current < 2 * EVERY ? Math.max(current, new Date(at).getTime()) : current
  return (
    <time dateTime={at} title={exactly(at, i18n.language)} className="whitespace-nowrap">
      {fromNow(at, seen, i18n.language)}
    </time>
  )
}
