import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { approvals, executions } from '#executions/contract.ts'
import { triggers } from '#triggers/contract.ts'
import { workflows } from '#workflows/drafts/contract.ts'
import { Again } from '../frame/Trouble.tsx'
import { read } from '../query.ts'
import { Skeleton } from '../ui/Skeleton.tsx'
import { Time } from '../ui/Time.tsx'
import { Ran } from '../workflows/Ran.tsx'
import { Standing } from '../workflows/Standing.tsx'
import { Chart } from './Chart.tsx'
import { type Run, unmended, upcoming } from './needs.ts'

/** So many lines of each. */
const FEW = 5
/** Milliseconds between two looks at what moves, and at what hardly does. */
const SOON = 4_000
const LATER = 30_000

const of = (status: Run['status'], limit: number) => read(executions, { query: { status, limit } })

/** What goes on: what runs, what needs a person, what comes next, and what the last days were like. */
export function Dashboard() {
  const { t } = useTranslation()
  const running = useQuery({ ...of('running', 20), refetchInterval: SOON })
  const queued = useQuery({ ...of('queued', 20), refetchInterval: SOON })
  const failed = useQuery({ ...of('failed', 50), refetchInterval: LATER })
  const asked = useQuery({ ...read(approvals, { query: { limit: 20 } }), refetchInterval: LATER })
  const planned = useQuery({ ...read(triggers, { query: { kind: 'schedule', limit: 200 } }), refetchInterval: LATER })
  const list = useQuery({ ...read(workflows, { query: { sort: 'changed', limit: 200 } }), refetchInterval: LATER })
  const known = list.data?.items ?? []
  const nameOf = (id: string) => known.find(one => one.id === id)?.name ?? t('dashboard.gone')
  const now = [...(running.data?.items ?? []), ...(queued.data?.items ?? [])]
  return (
    <div className="grid gap-6">
      <div className="grid items-start gap-6 md:grid-cols-2 xl:grid-cols-4">
        <Part title={t('dashboard.now')} none={t('dashboard.nowNone')} of={running} also={list} items={now}>
          {one => (
            <Line
              key={one.id}
              id={one.workflowId}
              run={one.id}
              name={nameOf(one.workflowId)}
              about={<Ran status={one.status} at={one.createdAt} />}
            />
          )}
        </Part>
        <Part
          title={t('dashboard.failing')}
          none={t('dashboard.failingNone')}
          of={failed}
          also={list}
          items={unmended(failed.data?.items ?? [], known)}
        >
          {one => (
            <Line
              key={one.id}
              id={one.workflowId}
              run={one.id}
              name={nameOf(one.workflowId)}
              about={
                <>
                  <Ran status="failed" at={one.createdAt} />
                  {one.error && (
                    <bdi className="line-clamp-2 text-xs text-muted" title={one.error.message}>
                      {one.error.message}
                    </bdi>
                  )}
                </>
              }
            />
          )}
        </Part>
        <Part
          title={t('dashboard.approvals')}
          none={t('dashboard.approvalsNone')}
          of={asked}
          also={list}
          items={asked.data?.items ?? []}
        >
          {one => (
            <Line
              key={one.id}
              id={one.workflowId}
              run={one.executionId}
              name={one.title || nameOf(one.workflowId)}
              about={
                <span className="flex min-w-0 gap-1.5 text-[0.8125rem] text-muted">
                  <bdi className="truncate">{nameOf(one.workflowId)}</bdi>
                  <Time at={one.createdAt} />
                </span>
              }
            />
          )}
        </Part>
        <Part
          title={t('dashboard.next')}
          none={t('dashboard.nextNone')}
          of={planned}
          also={list}
          items={upcoming(planned.data?.items ?? [])}
        >
          {one => (
            <Line
              key={one.id}
              id={one.workflowId}
              name={nameOf(one.workflowId)}
              about={
                <span className="text-[0.8125rem] text-muted">
                  <Time at={one.nextAt} />
                </span>
              }
            />
          )}
        </Part>
      </div>
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Chart />
        <Panel
          title={t('dashboard.recent')}
          aside={
            <Link to="/workflows" className="flex items-center gap-1.5 text-[0.8125rem] font-medium text-accent hover:underline">
              {t('dashboard.seeAll')}
              <ArrowRight aria-hidden className="size-3.5" />
            </Link>
          }
        >
          {list.isPending ? (
            <Waiting />
          ) : list.isError && !list.data ? (
            <Again error={list.error} onAgain={() => void list.refetch()} />
          ) : (
            <ul className="divide-y divide-line">
              {known.slice(0, 6).map(one => (
                <li key={one.id} className="flex items-center gap-3 px-5 py-2.5">
                  <Link
                    to="/workflow/$id"
                    params={{ id: one.id }}
                    title={one.name}
                    className="min-w-0 flex-1 truncate font-medium hover:text-accent"
                  >
                    <bdi>{one.name}</bdi>
                  </Link>
                  {one.lastRun && <Ran status={one.lastRun.status} bare />}
                  <Standing item={one} />
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
    </div>
  )
}

type Asked = { isPending: boolean; isError: boolean; data: unknown; error: unknown; refetch: () => unknown }
type PartProps<T> = { title: string; none: string; of: Asked; also: Asked; items: readonly T[]; children: (item: T) => ReactNode }

function Part<T>({ title, none, of, also, items, children }: PartProps<T>) {
  const { t } = useTranslation()
  const rest = items.length - FEW
  return (
    <Panel title={title} aside={items.length > 0 && <span className="font-semibold tabular-nums">{items.length}</span>}>
      {of.isPending || also.isPending ? (
        <Waiting />
      ) : of.isError && of.data === undefined ? (
        <Again error={of.error} onAgain={() => void of.refetch()} />
      ) : items.length === 0 ? (
        <p className="px-5 py-4 text-[0.8125rem] text-muted">{none}</p>
      ) : (
        <ul className="divide-y divide-line">
          {items.slice(0, FEW).map(children)}
          {rest > 0 && <li className="px-5 py-2.5 text-[0.8125rem] text-muted">{t('dashboard.moreRuns', { count: rest })}</li>}
        </ul>
      )}
    </Panel>
  )
}

function Panel({ title, aside, children }: { title: string; aside: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="card min-w-0">
      <header className="flex items-baseline justify-between gap-3 border-b border-line px-5 py-4">
        <h2 className="text-[0.9375rem]">{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  )
}

function Waiting() {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('ui.loading')} className="grid gap-3 p-5">
      <Skeleton className="w-4/5" />
      <Skeleton className="w-3/5" />
    </div>
  )
}

function Line({ id, run, name, about }: { id: string; run?: string; name: string; about: ReactNode }) {
  return (
    <li className="grid min-w-0 gap-0.5 px-5 py-2.5">
      <Link
        {...(run ? { to: '/execution/$id', params: { id: run } } : { to: '/workflow/$id', params: { id } })}
        title={name}
        className="truncate font-medium hover:text-accent"
      >
        <bdi>{name}</bdi>
      </Link>
      {about}
    </li>
  )
}
