import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Event } from '#engine/events.ts'
import { logs } from '#executions/contract.ts'
import { call } from '../api.ts'
import { ValueView } from '../forms/data/ValueView.tsx'
import { Again } from '../frame/Trouble.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { entriesBefore, type Place } from './attempts.ts'

/** Entries of the log that are read at once, and how often at most. */
const PAGE = 50
const READS = 40

type Props = { execution: string; events: readonly Event[]; place: Place | null }

/** What a node was given. The server works it out again when somebody wants to see it. */
export function NodeInput({ execution, events, place }: Props) {
  const { t } = useTranslation()
  const path = place?.path ?? null
  const attempt = place?.attempts.at(-1)?.attempt ?? 1
  const ended = place?.attempts.some(({ to }) => to !== null) ?? false
  const from = path === null ? 0 : entriesBefore(events, path, attempt)
  const { data, error, isPending, refetch } = useQuery({
    queryKey: [logs.path, execution, path, attempt, ended],
    queryFn: () => inputOf(execution, path ?? '', attempt, from),
    enabled: path !== null,
    staleTime: 60_000,
  })
  if (path === null) return <p className="text-sm text-muted">{t('runs.nothing.waiting')}</p>
  if (error) return <Again error={error} onAgain={() => void refetch()} />
  if (isPending) return <Skeleton className="h-32 rounded-xl" />
  if (!data) return <p className="text-sm text-muted">{t('runs.noInput')}</p>
  return <ValueView value={data.input} label={t('runs.input')} />
}

async function inputOf(id: string, path: string, attempt: number, from: number): Promise<{ input: unknown } | null> {
  let cursor: string | null = String(from)
  for (let reads = 0; cursor !== null && reads < READS; reads += 1) {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(id, cursor)
    const found = page.items.find(one => one.path === path && one.attempt === attempt)
    if (found) return { input: found.input }
    cursor = page.next
  }
  return null
}

const readPage = (id: string, cursor: string) => call(logs, { params: { id }, query: { cursor, limit: PAGE } })
