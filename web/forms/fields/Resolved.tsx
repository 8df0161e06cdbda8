import { useQuery } from '@tanstack/react-query'
import { CornerDownRight, TriangleAlert } from 'lucide-react'
import { type ReactNode, useDeferredValue, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Preview } from '../preview.ts'
import { type Reach, typeOf } from '../reach.ts'
import { lineOf } from '../values.ts'
import { Kind } from './Kind.tsx'

const MOST = 400

/** The template language is fetched when the first template is seen. */
export const language = {
  queryKey: ['template language'],
  queryFn: () => import('../preview.ts'),
  staleTime: Number.POSITIVE_INFINITY,
}

/** What a template would become with what was seen last, or why nobody can say. */
export function Resolved({ value, reach }: { value: string; reach: Reach }) {
  const { data } = useQuery(language)
  const late = useDeferredValue(value)
  const preview = useMemo(() => data?.previewOf(late, reach) ?? null, [data, late, reach])
  return preview && <Shown preview={preview} />
}

function Shown({ preview }: { preview: Preview }) {
  const { t } = useTranslation()
  switch (preview.is) {
    case 'value': {
      const text = lineOf(preview.value)
      return (
        <p className="flex min-w-0 items-start gap-1 text-xs text-muted">
          <CornerDownRight aria-hidden className="mt-0.5 size-3.5 shrink-0 rtl:-scale-x-100" />
          <span className="sr-only">{t('forms.becomes')}</span>
          <span className="-my-0.5">
            <Kind type={typeOf(preview.value)} />
          </span>
          <code className="line-clamp-3 min-w-0 break-all whitespace-pre-wrap text-text" dir="auto">
            {text === '' ? <em className="text-muted">{t('forms.emptyText')}</em> : text.slice(0, MOST)}
            {text.length > MOST && '…'}
          </code>
        </p>
      )
    }
    case 'waiting':
      return <Line>{t('forms.waiting', { names: preview.names.join(', '), count: preview.names.length })}</Line>
    case 'later':
      return <Line>{t('forms.later', { names: preview.names.join(', ') })}</Line>
    case 'unknown':
      return <Line wrong>{t('forms.unknown', { names: preview.names.join(', ') })}</Line>
    case 'filter':
      return <Line wrong>{t('forms.noFilter', { name: preview.name })}</Line>
    case 'unreadable':
      return <Line wrong>{t('forms.unreadable', { words: preview.words })}</Line>
    case 'broken':
      return <Line wrong>{t('forms.broken', { words: preview.words })}</Line>
  }
}

function Line({ wrong = false, children }: { wrong?: boolean; children: ReactNode }) {
  const Icon = wrong ? TriangleAlert : CornerDownRight
  return (
    <p className={wrong ? 'flex items-start gap-1.5 text-xs text-warning' : 'flex items-start gap-1.5 text-xs text-muted'}>
      <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0">{children}</span>
    </p>
  )
}
