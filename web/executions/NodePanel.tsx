import { ChevronLeft, ChevronRight, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Event } from '#engine/events.ts'
import type { Block } from '../canvas/catalogue.ts'
import { type DrawnNode, nameOf } from '../canvas/drawing.ts'
import { StateLine } from '../canvas/State.tsx'
import { Button } from '../ui/Button.tsx'
import { Segments } from '../ui/Segments.tsx'
import { AttemptView } from './AttemptView.tsx'
import { placesOf } from './attempts.ts'
import type { Standing } from './course.ts'
import { NodeInput } from './NodeInput.tsx'
import { stateOf } from './states.ts'
import { Talk } from './Talk.tsx'

type Props = {
  execution: string
  node: DrawnNode
  block: Block | null
  standing: Standing | null
  events: readonly Event[]
  onClose: () => void
}

type Part = 'output' | 'input' | 'talk' | 'params'

/** One node of an execution: what it was given, what it did, what came of it. */
export function NodePanel({ execution, node, block, standing, events, onClose }: Props) {
  const { t } = useTranslation()
  const calls = block?.loop === 'calls'
  const [part, setPart] = useState<Part>(calls ? 'talk' : 'output')
  const [chosen, choose] = useState<number | null>(null)
  const places = useMemo(() => placesOf(events, node.key), [events, node.key])
  const at = Math.min(chosen ?? places.length - 1, places.length - 1)
  const place = places[at]
  const parts: Part[] = [...(calls ? (['talk'] as const) : []), 'output', 'input', 'params']
  return (
    <div className="grid gap-4 p-4">
      <header className="flex items-start gap-3">
        <div className="grid min-w-0 flex-1 gap-1">
          <h2 className="truncate text-[0.9375rem]" dir="auto">
            {nameOf(node)}
          </h2>
          <p className="truncate text-xs text-muted">{block?.title ?? node.block}</p>
          {standing && <StateLine state={stateOf(standing)} />}
        </div>
        <Button
          size="tiny"
          variant="quiet"
          aria-label={t('ui.close')}
          icon={<X aria-hidden className="size-4" />}
          onClick={onClose}
        />
      </header>
      {places.length > 1 && (
        <nav aria-label={t('runs.places')} className="flex items-center gap-1 text-xs">
          <Button
            size="tiny"
            variant="quiet"
            aria-label={t('runs.placeBack')}
            icon={<ChevronLeft aria-hidden className="size-4" />}
            onClick={() => choose(Math.max(0, at - 1))}
          />
          <span className="tabular-nums">{t('runs.place', { at: at + 1, all: places.length })}</span>
          <code className="min-w-0 truncate text-muted">{place?.path}</code>
          <Button
            size="tiny"
            variant="quiet"
            aria-label={t('runs.placeOn')}
            icon={<ChevronRight aria-hidden className="size-4" />}
            onClick={() => choose(Math.min(places.length - 1, at + 1))}
          />
          {places.some(isFailed) && (
            <Button
              size="small"
              variant="quiet"
              className="ml-auto text-danger"
              onClick={() => choose(nextFailed(places.map(isFailed), at))}
            >
              {t('runs.nextFailed')}
            </Button>
          )}
        </nav>
      )}
      {standing?.is === 'running' && standing.text !== '' && (
        <section aria-label={t('runs.saying')} className="grid gap-1.5">
          <h3 className="text-xs text-muted">{t('runs.saying')}</h3>
          <p
            className="max-h-72 overflow-y-auto rounded-xl border border-line bg-well p-3 text-[0.8125rem] whitespace-pre-wrap"
            dir="auto"
          >
            {standing.text}
          </p>
        </section>
      )}
      <Segments
        label={t('runs.part')}
        value={part}
        onChange={setPart}
        choices={parts.map(value => ({ value, label: t(`runs.parts.${value}`) }))}
      />
      {part === 'talk' && <Talk execution={execution} events={events} path={place?.path ?? node.key} />}
      {part === 'output' &&
        (place ? (
          place.attempts
            .toReversed()
            .map((attempt, index) => (
              <AttemptView
                key={`${attempt.attempt} ${attempt.from}`}
                execution={execution}
                attempt={attempt}
                last={index === 0}
                name={node.key}
              />
            ))
        ) : (
          <p className="text-sm text-muted">{t(`runs.nothing.${standing?.is === 'skipped' ? 'skipped' : 'waiting'}`)}</p>
        ))}
      {part === 'input' && <NodeInput execution={execution} events={events} place={place ?? null} />}
      {part === 'params' && (
        <ul className="grid gap-3">
          {Object.entries(node.params).map(([name, value]) => (
            <li key={name} className="grid min-w-0 gap-1">
              <span className="text-xs text-muted">{name}</span>
              <pre className="max-h-60 overflow-auto rounded-lg border border-line bg-well p-2.5 text-xs whitespace-pre-wrap">
                {typeof value === 'string' ? value : JSON.stringify(value, null, 2)}
              </pre>
            </li>
          ))}
          {Object.keys(node.params).length === 0 && <li className="text-sm text-muted">{t('runs.noParams')}</li>}
        </ul>
      )}
    </div>
  )
}

const isFailed = ({ attempts }: { attempts: readonly { is: string }[] }) => attempts.at(-1)?.is === 'failed'

function nextFailed(failed: readonly boolean[], at: number): number {
  const behind = failed.indexOf(true, at + 1)
  return behind < 0 ? Math.max(0, failed.indexOf(true)) : behind
}
