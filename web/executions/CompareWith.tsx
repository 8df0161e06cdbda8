import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type execution, executions } from '#executions/contract.ts'
import type { Reply } from '#http/contract.ts'
import { Again } from '../frame/Trouble.tsx'
import { read } from '../query.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { SkeletonRows } from '../ui/Skeleton.tsx'
import { Time } from '../ui/Time.tsx'
import { Status } from './Status.tsx'
import { Took } from './Took.tsx'

/** So many of the newest executions of the workflow are offered. */
const OFFERED = 50

type Props = { execution: Reply<typeof execution>; onClose: () => void }

/** Chooses what an execution is compared with: what it was forked from comes first. */
export function CompareWith({ execution, onClose }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { id, workflowId, forkedFrom } = execution
  const { data, error, refetch } = useQuery(read(executions, { query: { workflowId, limit: OFFERED } }))
  const others = (data?.items ?? []).filter(one => one.id !== id)
  const isKin = (one: { id: string; forkedFrom: string | null }) => one.id === forkedFrom || one.forkedFrom === id
  const offered = [...others.filter(isKin), ...others.filter(one => !isKin(one))]
  return (
    <Dialog open onClose={onClose} title={t('runs.compareTitle')} about={t('runs.compareAbout')} size="medium">
      {error ? (
        <Again error={error} onAgain={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows />
      ) : offered.length === 0 ? (
        <p className="text-sm text-muted">{t('runs.compareNothing')}</p>
      ) : (
        <ul className="grid gap-1">
          {offered.map(one => (
            <li key={one.id}>
              <button
                type="button"
                onClick={() => {
                  onClose()
                  void navigate({ to: '/execution/$id', params: { id }, search: { with: one.id } })
                }}
                className="flex w-full flex-wrap items-center gap-3 rounded-lg px-3 py-2.5 text-left text-sm hover:bg-hover"
              >
                <Status status={one.status} />
                <Time at={one.createdAt} />
                <span className="text-xs text-muted">
                  <Took of={one} />
                </span>
                <span className="text-xs text-muted">
                  {one.version === null ? t('runs.draft') : t('runs.version', { version: one.version })}
                </span>
                {isKin(one) && (
                  <span className="text-xs text-accent">{t(one.id === forkedFrom ? 'runs.original' : 'runs.forkOfThis')}</span>
                )}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
