import { useTranslation } from 'react-i18next'
import { Skeleton } from '../ui/Skeleton.tsx'

/** The shape of a screen that is on its way. */
export function Waiting() {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('ui.loading')} className="grid gap-6">
      <div className="grid gap-3">
        <Skeleton className="h-7 w-56" />
        <Skeleton className="h-4 w-80 max-w-full" />
      </div>
      <Skeleton className="h-48 rounded-xl" />
      <Skeleton className="h-48 rounded-xl" />
    </div>
  )
}
