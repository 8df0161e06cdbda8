import { CircleCheck, CircleDashed, CirclePause, CircleSlash, CircleX, LoaderCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../ui/classes.ts'
import { Time } from '../ui/Time.tsx'

const SIGNS: Record<string, { icon: ReactNode; tint: string }> = {
  queued: { icon: <CircleDashed aria-hidden />, tint: 'text-muted' },
  running: { icon: <LoaderCircle aria-hidden className="animate-spin" />, tint: 'text-accent' },
  paused: { icon: <CirclePause aria-hidden />, tint: 'text-warning' },
  completed: { icon: <CircleCheck aria-hidden />, tint: 'text-success' },
  failed: { icon: <CircleX aria-hidden />, tint: 'text-danger' },
  cancelled: { icon: <CircleSlash aria-hidden />, tint: 'text-muted' },
}
const STATUSES = ['queued', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const

/** How an execution stands: a sign, a word, and when it began. */
export function Ran({ status, at, bare = false }: { status: string; at?: string; bare?: boolean }) {
  const { t } = useTranslation()
  const sign = SIGNS[status]
  const known = STATUSES.find(one => one === status)
  const words = known ? t(`workflows.status.${known}`) : status
  return (
    <span className="inline-flex min-w-0 items-center gap-2 text-[0.8125rem]">
      <span className={classes('[&_svg]:size-4', sign?.tint)} title={bare ? words : undefined}>
        {sign?.icon}
      </span>
      {bare ? <span className="sr-only">{words}</span> : <span className="shrink-0 whitespace-nowrap">{words}</span>}
      {at && (
        <span className="truncate text-muted">
          <Time at={at} />
        </span>
      )}
    </span>
  )
}
