import { PencilLine, Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { createWorkflow } from '#workflows/drafts/contract.ts'
import { useWhy } from '../frame/me.ts'
import { Button } from '../ui/Button.tsx'
import { TemplateCards } from './TemplateCards.tsx'
import type { View } from './view.ts'

/** What stands where there is no workflow yet: what one is, and three ways to the first. */
export function First({ onOpen }: { onOpen: (open: NonNullable<View['open']>) => void }) {
  const { t } = useTranslation()
  const why = useWhy(createWorkflow)
  return (
    <section aria-label={t('workflows.first')} className="grid gap-6">
      <div className="card grid gap-5 p-6">
        <div className="grid max-w-2xl gap-1.5">
          <h2 className="text-lg">{t('workflows.first')}</h2>
          <p className="text-muted">{t('workflows.firstAbout')}</p>
        </div>
        <ol className="grid gap-4 sm:grid-cols-3">
          {(['start', 'steps', 'publish'] as const).map((word, at) => (
            <li key={word} className="flex gap-3">
              <span
                aria-hidden
                className="grid size-6 shrink-0 place-items-center rounded-full border border-edge text-xs font-semibold tabular-nums"
              >
                {at + 1}
              </span>
              <span className="grid content-start gap-0.5">
                <strong className="font-medium">{t(`workflows.teach.${word}`)}</strong>
                <span className="text-[0.8125rem] text-muted">{t(`workflows.teachAbout.${word}`)}</span>
              </span>
            </li>
          ))}
        </ol>
        <div className="flex flex-wrap gap-2.5">
          <Button icon={<Sparkles aria-hidden className="size-4" />} why={why} onClick={() => onOpen('describe')}>
            {t('workflows.describe')}
          </Button>
          <Button icon={<PencilLine aria-hidden className="size-4" />} why={why} onClick={() => onOpen('new')}>
            {t('workflows.empty')}
          </Button>
        </div>
      </div>
      <div className="grid gap-3">
        <h2 className="text-[0.9375rem]">{t('workflows.templates')}</h2>
        <TemplateCards />
      </div>
    </section>
  )
}
