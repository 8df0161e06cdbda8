import { Ban, RotateCw, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { actsFor, useMany } from './acts.ts'
import type { Item } from './filter.ts'

type Props = { items: readonly Item[]; why: string | undefined; onDone: () => void }

/** What can be done to all that are chosen. */
export function Many({ items, why, onDone }: Props) {
  const { t } = useTranslation()
  const many = useMany()
  const [busy, setBusy] = useState<'retry' | 'cancel' | null>(null)
  const [asking, ask] = useState(false)
  const can = actsFor(items)
  const run = async (act: 'retry' | 'cancel') => {
    setBusy(act)
    await many(act, can[act])
    setBusy(null)
    ask(false)
    onDone()
  }
  return (
    <div
      role="toolbar"
      aria-label={t('runs.chosen', { count: items.length })}
      className="glass sticky bottom-20 z-20 mx-auto my-3 flex w-fit max-w-full flex-wrap items-center gap-2 rounded-xl border border-line px-3 py-2 shadow-lift sm:bottom-4"
    >
      <span className="px-1 text-sm font-medium">{t('runs.chosen', { count: items.length })}</span>
      {can.retry.length > 0 && (
        <Button
          size="small"
          why={why}
          busy={busy === 'retry'}
          icon={<RotateCw aria-hidden className="size-4" />}
          onClick={() => void run('retry')}
        >
          {t('runs.retryMany', { count: can.retry.length })}
        </Button>
      )}
      {can.cancel.length > 0 && (
        <Button size="small" variant="danger" why={why} icon={<Ban aria-hidden className="size-4" />} onClick={() => ask(true)}>
          {t('runs.cancelMany', { count: can.cancel.length })}
        </Button>
      )}
      <Button
        size="tiny"
        variant="quiet"
        aria-label={t('runs.chooseNone')}
        icon={<X aria-hidden className="size-4" />}
        onClick={onDone}
      />
      <Confirm
        open={asking}
        onClose={() => ask(false)}
        title={t('runs.askCancel', { count: can.cancel.length })}
        about={t('runs.askCancelAbout')}
        act={t('runs.cancelMany', { count: can.cancel.length })}
        busy={busy === 'cancel'}
        onAct={() => void run('cancel')}
      />
    </div>
  )
}
