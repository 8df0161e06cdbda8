import { ChevronLeft, ChevronRight, Radio } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Event } from '#engine/events.ts'
import { tookText } from '../canvas/took.ts'
import { Button } from '../ui/Button.tsx'
import { spoken } from '../words/words.ts'
import type { Sight } from './watch.ts'

type Props = {
  events: readonly Event[]
  moment: number | null
  onMoment: (moment: number | null) => void
  over: boolean
  line: Sight['line']
}

/** Goes back to any moment of the journal, and to what is now. */
export function Scrubber({ events, moment, onMoment, over, line }: Props) {
  const { t } = useTranslation()
  const all = events.length
  const at = Math.min(moment ?? all, all)
  const event = events[at - 1]
  const since = event && events[0] ? tookText(event.at - events[0].at, spoken()) : ''
  const path = event && 'path' in event ? event.path : ''
  const words = event ? t('runs.momentWords', { what: t(`runs.events.${event.type}`), path, since }) : t('runs.beginning')
  const go = (next: number) => onMoment(next >= all ? null : Math.max(0, next))
  return (
    <section
      aria-label={t('runs.scrubber')}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2"
    >
      <div className="flex items-center">
        <Button
          size="tiny"
          variant="quiet"
          aria-label={t('runs.momentBack')}
          icon={<ChevronLeft aria-hidden className="size-4" />}
          onClick={() => go(at - 1)}
        />
        <Button
          size="tiny"
          variant="quiet"
          aria-label={t('runs.momentOn')}
          icon={<ChevronRight aria-hidden className="size-4" />}
          onClick={() => go(at + 1)}
        />
      </div>
      <input
        type="range"
        min={0}
        max={all}
        value={at}
        aria-label={t('runs.moment')}
        aria-valuetext={words}
        onChange={({ target }) => go(Number(target.value))}
        className="h-8 min-w-40 flex-1 accent-accent"
      />
      <span className="w-20 text-right text-xs text-muted tabular-nums">
        {at} / {all}
      </span>
      <span className="min-w-0 basis-full truncate text-xs text-muted lg:basis-72" dir="auto">
        {words}
      </span>
      <Button
        size="small"
        variant={moment === null ? 'quiet' : 'plain'}
        aria-pressed={moment === null}
        icon={<Radio aria-hidden className={moment === null && !over ? 'size-4 text-success' : 'size-4'} />}
        onClick={() => onMoment(null)}
      >
        {t(over ? 'runs.end' : 'runs.now')}
      </Button>
      {line === 'broken' && (
        <p role="status" className="basis-full text-xs text-warning">
          {t('runs.lineBroken')}
        </p>
      )}
    </section>
  )
}
