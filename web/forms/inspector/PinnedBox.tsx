import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { patiently } from '../../frame/reach.ts'
import { Button } from '../../ui/Button.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { readJson, writeJson } from '../json.ts'

const Editor = lazy(() => patiently(() => import('../code/Editor.tsx')).then(it => ({ default: it.Editor })))

type Props = { value: unknown; onSave: (value: unknown) => void; onCancel: () => void }

/** Writing by hand what stands for the output of a node. */
export function PinnedBox({ value, onSave, onCancel }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState(() => writeJson(value))
  const read = readJson(text)
  return (
    <div className="grid min-w-0 grid-cols-1 gap-2.5">
      <Suspense fallback={<Skeleton className="h-40 rounded-lg" />}>
        <Editor
          language="json"
          label={t('inspector.pinned')}
          value={text}
          onChange={setText}
          invalid={read.is === 'wrong'}
          tall
        />
      </Suspense>
      {read.is === 'wrong' && (
        <p role="alert" className="text-xs text-danger">
          {t('forms.noJson', { line: read.line })}
        </p>
      )}
      <div className="flex gap-2">
        <Button
          size="small"
          why={read.is === 'value' ? undefined : t('inspector.pinNeedsJson')}
          onClick={() => read.is === 'value' && onSave(read.value)}
        >
          {t('ui.save')}
        </Button>
        <Button size="small" variant="quiet" onClick={onCancel}>
          {t('ui.cancel')}
        </Button>
      </div>
    </div>
  )
}
