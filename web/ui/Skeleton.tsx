import { useTranslation } from 'react-i18next'
import { classes } from './classes.ts'

/** The shape of something that is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={classes('shimmer block h-4 rounded-md', className)} />
}

/** The shapes of a few rows of a list that is on its way. */
export function SkeletonRows({ rows = 3 }: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('ui.loading')} className="grid divide-y divide-line">
      {Array.from({ length: rows }, (_none, at) => at).map(at => (
        <div key={at} className="flex items-center gap-4 px-5 py-4">
          <Skeleton className="size-9 shrink-0 rounded-full" />
          <div className="grid flex-1 gap-2">
            <Skeleton className="w-2/5" />
            <Skeleton className="h-3 w-3/5" />
          </div>
        </div>
      ))}
    </div>
  )
}
