import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { patiently } from '../../frame/reach.ts'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { completionAt } from '../complete.ts'
import { useForm } from '../context.ts'
import type { Control } from '../control.ts'
import { readJson, writeJson } from '../json.ts'
import type { Path } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'

const Editor = lazy(() => patiently(() => import('../code/Editor.tsx')).then(it => ({ default: it.Editor })))

/** A value as JSON. */
export function JsonField(props: FieldProps<LookAs<'json'>>) {
  const { field, path, value, onChange } = props
  return (
    <Frame {...props} group>
      {control => (
        <JsonBox control={control} title={field.title} about={field.about} path={path} value={value} onChange={onChange} />
      )}
    </Frame>
  )
}

type BoxProps = {
  control: Control
  title: string
  about?: string | undefined
  path: Path
  value: unknown
  onChange: (next: unknown) => void
}

/** The box itself: what is no JSON yet stays here and says so. */
export function JsonBox({ control, title, about, path, value, onChange }: BoxProps) {
  const { t } = useTranslation()
  const { reachOf, disabled } = useForm()
  const reach = reachOf(path)
  const [text, setText] = useState(() => writeJson(value))
  const [known, setKnown] = useState(value)
  const parsed = readJson(text)
  // What came from outside, such as by undo, counts more than what stands here.
  if (value !== known) {
    setKnown(value)
    if (JSON.stringify(parsed.is === 'value' ? parsed.value : undefined) !== JSON.stringify(value)) setText(writeJson(value))
  }
  const change = (next: string) => {
    setText(next)
    const read = readJson(next)
    if (read.is === 'wrong') return
    const made = read.is === 'nothing' ? undefined : read.value
    setKnown(made)
    onChange(made)
  }
  return (
    <>
      <Suspense fallback={<Skeleton className="h-24 rounded-lg" />}>
        <Editor
          language="json"
          label={title}
          about={about}
          value={text}
          onChange={change}
          readOnly={disabled}
          invalid={parsed.is === 'wrong' || control['aria-invalid'] === true}
          source={reach ? (whole, cursor) => completionAt(whole, cursor, reach) : undefined}
        />
      </Suspense>
      {parsed.is === 'wrong' && (
        <p role="alert" className="text-xs text-danger">
          {parsed.hole ? t('forms.quoteHole') : t('forms.noJson', { line: parsed.line })}
        </p>
      )}
    </>
  )
}
