import { CircleCheck, CircleX, RotateCw } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { decide } from '#executions/contract.ts'
import { Failure } from '../api.ts'
import { readJson } from '../forms/json.ts'
import { useWhy } from '../frame/me.ts'
import { patiently } from '../frame/reach.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { tell } from '../words/tell.ts'
import type { Question } from './asked.ts'
import { useDecide } from './useDecide.ts'

const Editor = lazy(() => patiently(() => import('../forms/code/Editor.tsx')).then(it => ({ default: it.Editor })))

const WAYS = [
  { value: 'happened', icon: <CircleCheck aria-hidden className="size-5 text-success" /> },
  { value: 'repeat', icon: <RotateCw aria-hidden className="size-5 text-warning" /> },
  { value: 'fail', icon: <CircleX aria-hidden className="size-5 text-danger" /> },
] as const

/** After a crash: did it happen, is it to be done again, or has it failed? */
export function Crashed({ it }: { it: Question }) {
  const { t } = useTranslation()
  const why = useWhy(decide)
  const { send, busy, error } = useDecide()
  const [way, setWay] = useState<(typeof WAYS)[number]['value'] | null>(null)
  const [text, setText] = useState('')
  const json = readJson(text)
  const wrong = way === 'happened' && json.is === 'wrong'
  const act = () => {
    if (way === null || wrong) return
    const output = way === 'happened' && json.is === 'value' ? { output: json.value } : {}
    send({ params: { id: it.id }, body: { decision: way, ...output } })
  }
  return (
    <Card title={t('approvals.crashed.title')} about={t('approvals.crashed.about')}>
      <fieldset className="grid gap-2.5">
        <legend className="sr-only">{t('approvals.crashed.title')}</legend>
        {WAYS.map(({ value, icon }) => (
          <label
            key={value}
            className="flex cursor-pointer items-start gap-3 rounded-xl border border-line p-3.5 transition-colors hover:bg-hover has-checked:border-ring has-focus-visible:outline-2 has-focus-visible:outline-ring"
          >
            <input
              type="radio"
              name="way"
              value={value}
              checked={way === value}
              onChange={() => setWay(value)}
              className="sr-only"
            />
            {icon}
            <span className="grid gap-0.5">
              <span className="text-sm font-medium">{t(`approvals.crashed.${value}`)}</span>
              <span className="text-xs text-muted">{t(`approvals.crashed.${value}About`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {way === 'happened' && (
        <div className="grid min-w-0 gap-1.5">
          <span className="text-[0.8125rem] font-medium">{t('approvals.crashed.output')}</span>
          <Suspense fallback={<Skeleton className="h-40 rounded-lg" />}>
            <Editor
              language="json"
              label={t('approvals.crashed.output')}
              about={t('approvals.crashed.outputHint')}
              value={text}
              onChange={setText}
              invalid={wrong}
              tall
            />
          </Suspense>
          <p className="text-xs text-muted">{t('approvals.crashed.outputHint')}</p>
          {json.is === 'wrong' && (
            <p role="alert" className="text-xs text-danger">
              {t('runs.noJson', { line: json.line })}
            </p>
          )}
        </div>
      )}
      {error && !(error instanceof Failure && error.code === 'approval.decided') && (
        <Notice tone="danger">{tell(error, t)}</Notice>
      )}
      <div className="flex justify-end">
        <Button
          variant="primary"
          why={why ?? (way === null ? t('approvals.crashed.choose') : undefined)}
          busy={busy}
          onClick={act}
        >
          {t('approvals.crashed.act')}
        </Button>
      </div>
    </Card>
  )
}
