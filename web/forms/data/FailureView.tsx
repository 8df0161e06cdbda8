import i18next from 'i18next'
import { ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../../ui/Notice.tsx'
import { TreeView } from './TreeView.tsx'

/** Why a node failed. */
export type NodeFailure = { code: string; message: string; path?: string | undefined; details?: unknown }

/** What went wrong, what can be done about it, and what the other side said. */
export function FailureView({ failure }: { failure: NodeFailure }) {
  const { t } = useTranslation()
  const { code, message, path, details } = failure
  const family = code.split('.')[0] ?? ''
  const key = [`failures.${code.replaceAll('.', '_')}`, `failures.${family}`].find(one => i18next.exists(one))
  return (
    <div className="grid min-w-0 grid-cols-1 gap-3">
      <Notice tone="danger" title={path ? t('data.failedAt', { path }) : t('data.failed')}>
        <p className="whitespace-pre-wrap" dir="auto">
          {message}
        </p>
        {key && <p className="text-muted">{t(key as 'failures.http')}</p>}
        <code className="text-xs text-muted">{code}</code>
      </Notice>
      {details !== undefined && details !== null && (
        <details className="group min-w-0">
          <summary className="flex w-fit items-center gap-1.5 rounded-md px-1 text-[0.8125rem] text-muted hover:text-text">
            <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
            {t('data.details')}
          </summary>
          <div className="pt-2">
            <TreeView value={details} label={t('data.details')} />
          </div>
        </details>
      )}
    </div>
  )
}
