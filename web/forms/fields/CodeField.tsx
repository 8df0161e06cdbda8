import { lazy, Suspense } from 'react'
import { patiently } from '../../frame/reach.ts'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { useForm } from '../context.ts'
import { inputSpots } from '../script.ts'
import { lineOf } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'

const Editor = lazy(() => patiently(() => import('../code/Editor.tsx')).then(it => ({ default: it.Editor })))

/** JavaScript. It knows the names that the sandbox has, and what `input` is given. */
export function CodeField(props: FieldProps<LookAs<'code'>>) {
  const { field, value, onChange } = props
  const { values, disabled } = useForm()
  return (
    <Frame {...props} group>
      {control => (
        <Suspense fallback={<Skeleton className="h-40 rounded-lg" />}>
          <Editor
            language="javascript"
            label={field.title}
            about={field.about}
            value={lineOf(value)}
            onChange={text => onChange(text === '' && !field.required ? undefined : text)}
            readOnly={disabled}
            invalid={control['aria-invalid'] === true}
            names={() => inputSpots(values.input)}
            tall
          />
        </Suspense>
      )}
    </Frame>
  )
}
