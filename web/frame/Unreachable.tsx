import { WifiOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { reachable } from './reach.ts'
import { useSignal } from './signals.ts'

/** Says so while the server does not answer. */
export function Unreachable() {
  const { t } = useTranslation()
  const fine = useSignal(reachable)
  return (
    <div role="status">
      {!fine && (
        <p className="flex items-center justify-center gap-2.5 border-b border-warning/30 bg-warning-soft px-4 py-2 text-[0.8125rem]">
          <WifiOff aria-hidden className="size-4 shrink-0 text-warning" />
          {t('frame.unreachable')}
        </p>
      )}
    </div>
  )
}
