import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { approvals } from '#executions/contract.ts'
import { read } from '../query.ts'
import { buttonLook } from '../ui/button.ts'
import { Notice } from '../ui/Notice.tsx'

/** What an execution waits for, where it waits for people. */
export function Asked({ execution }: { execution: string }) {
  const { t } = useTranslation()
  const { data } = useQuery({ ...read(approvals, { query: { executionId: execution, limit: 5 } }), refetchInterval: 5_000 })
  if (!data || data.items.length === 0) return null
  return (
    <div className="grid gap-2 border-b border-line px-4 py-3">
      {data.items.map(one => (
        <Notice key={one.id} tone="warning">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <span className="min-w-0" dir="auto">
              {t('runs.waitsFor', { title: one.title })}
            </span>
            <Link to="/approvals/$id" params={{ id: one.id }} className={buttonLook({ size: 'small' })}>
              {t('runs.decide')}
            </Link>
          </div>
        </Notice>
      ))}
    </div>
  )
}
