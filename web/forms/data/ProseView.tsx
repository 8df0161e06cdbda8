import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button.tsx'
import { pagesOf } from './pages.ts'

/** A text as it is written, page by page where it is long. */
export function ProseView({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation()
  const pages = useMemo(() => pagesOf(text), [text])
  const [at, setAt] = useState(0)
  const page = pages[Math.min(at, pages.length - 1)]
  return (
    <div className="grid min-w-0 gap-2">
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        dir="auto"
        className="max-h-112 min-w-0 overflow-auto rounded-xl border border-line bg-well p-3.5 text-[0.8125rem] leading-relaxed whitespace-pre-wrap"
      >
        {text === '' ? <em className="text-muted">{t('forms.emptyText')}</em> : text.slice(page?.from, page?.to)}
      </section>
      {pages.length > 1 && (
        <nav aria-label={t('data.pages')} className="flex items-center gap-2 text-xs text-muted">
          <Button
            size="tiny"
            variant="quiet"
            aria-label={t('data.before')}
            icon={<ChevronLeft aria-hidden className="size-4" />}
            onClick={() => setAt(Math.max(0, at - 1))}
          />
          <span className="tabular-nums">{t('data.page', { at: at + 1, count: pages.length })}</span>
          <Button
            size="tiny"
            variant="quiet"
            aria-label={t('data.after')}
            icon={<ChevronRight aria-hidden className="size-4" />}
            onClick={() => setAt(Math.min(pages.length - 1, at + 1))}
          />
        </nav>
      )}
    </div>
  )
}
