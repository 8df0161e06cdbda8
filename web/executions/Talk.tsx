import { useQuery } from '@tanstack/react-query'
import { Bot, CircleSlash, Settings2, User, Wrench } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Event, Held } from '#engine/events.ts'
import { callRaw } from '../forms/data/fetch.ts'
import { largeOf } from '../forms/data/kind.ts'
import { ValueView } from '../forms/data/ValueView.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { tell } from '../words/tell.ts'
import { shownOf } from './held.ts'
import { type Line, linesOf, type Turn, turnsOf } from './talk.ts'

/** The conversation of an agent: what was said, which tools it called, what came of that, and what was refused. */
export function Talk({ execution, events, path }: { execution: string; events: readonly Event[]; path: string }) {
  const { t } = useTranslation()
  const turns = useMemo(() => turnsOf(events, path), [events, path])
  const last = events.findLast(event => event.type === 'done' && event.path === path)
  if (turns.length === 0 && !last) return <p className="text-sm text-muted">{t('runs.talk.nothing')}</p>
  return (
    <ol aria-label={t('runs.parts.talk')} className="grid gap-4">
      {turns.map((turn, at) => (
        <li key={turn.at} className="grid min-w-0 gap-2.5">
          <h3 className="text-xs text-muted">{t('runs.talk.turn', { number: at + 1 })}</h3>
          <Said execution={execution} turn={turn} />
        </li>
      ))}
      {last?.type === 'done' && (
        <li className="grid min-w-0 gap-2.5">
          <h3 className="text-xs text-muted">{t('runs.talk.answer')}</h3>
          <ValueView value={shownOf(last.output, execution)} label={t('runs.talk.answer')} />
        </li>
      )}
    </ol>
  )
}

function Said({ execution, turn }: { execution: string; turn: Turn }) {
  const { t } = useTranslation()
  const { value, error } = useHeld(turn.said, execution)
  if (error) return <p className="text-xs text-danger">{tell(error, t)}</p>
  if (value === undefined) return <Skeleton className="h-16 rounded-lg" />
  const lines = linesOf(value)
  if (!lines) return <ValueView value={value} label={t('runs.parts.talk')} />
  return lines.map((line, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: what was said stays as it was
    <Bubble key={at} execution={execution} line={line} turn={turn} />
  ))
}

/** A value that is fetched at once where it is kept elsewhere: the words of a conversation are what one came for. */
function useHeld(held: Held, execution: string): { value: unknown; error: unknown } {
  const shown = shownOf(held, execution)
  const large = largeOf(shown)
  const { data, error } = useQuery({
    queryKey: ['large value', large?.url],
    queryFn: ({ signal }) => callRaw(large?.url ?? '', signal),
    enabled: large !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return { value: large ? data?.value : shown, error }
}

const LOOKS = { system: Settings2, user: User, assistant: Bot }

function Bubble({ execution, line, turn }: { execution: string; line: Line; turn: Turn }) {
  const { t } = useTranslation()
  if (line.is !== 'call') {
    const Icon = LOOKS[line.is]
    return (
      <div className="grid min-w-0 gap-1 rounded-xl border border-line bg-well p-3">
        <span className="flex items-center gap-1.5 text-xs font-medium text-muted">
          <Icon aria-hidden className="size-3.5" />
          {t(`runs.talk.${line.is}`)}
        </span>
        <p className="max-h-96 overflow-y-auto text-[0.8125rem] whitespace-pre-wrap" dir="auto">
          {line.text}
        </p>
      </div>
    )
  }
  const done = line.order === null ? undefined : turn.calls[line.order]
  return (
    <details className="min-w-0 rounded-xl border border-line p-3">
      <summary className="flex min-w-0 items-center gap-1.5 text-[0.8125rem] font-medium">
        {line.refused === null ? (
          <Wrench aria-hidden className="size-3.5 text-accent" />
        ) : (
          <CircleSlash aria-hidden className="size-3.5 text-danger" />
        )}
        <span className="truncate">
          {t(line.refused === null ? 'runs.talk.calls' : 'runs.talk.refused', { tool: line.tool })}
        </span>
      </summary>
      <div className="grid min-w-0 grid-cols-1 gap-3 pt-3">
        {line.refused !== null && <p className="text-xs text-danger">{line.refused}</p>}
        <ValueView value={line.input} label={t('runs.talk.given')} />
        {done?.result && <ValueView value={shownOf(done.result, execution)} label={t('runs.talk.came')} />}
      </div>
    </details>
  )
}
