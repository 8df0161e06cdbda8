import { lazy, Suspense } from 'react'
import { patiently } from '../../frame/reach.ts'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { completionAt } from '../complete.ts'
import { useForm } from '../context.ts'
import { inputSpots } from '../script.ts'
import { lineOf } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'

const Editor = lazy(() => patiently(() => import('../code/Editor.tsx')).then(it => ({ default: it.Editor })))

/** Code: where templates mean nothing it is JavaScript, which knows the names of the sandbox; elsewhere it is text such as HTML. */
export function CodeField(props: FieldProps<LookAs<'code'>>) {
  const { field, path, value, onChange } = props
  const { values, disabled, reachOf } = useForm()
  const reach = reachOf(path)
  return (
    <Frame {...props} group open={reach !== null}>
      {control => (
        <Suspense fallback={<Skeleton className="h-40 rounded-lg" />}>
          <Editor
            language={reach ? 'text' : 'javascript'}
            label={field.title}
            about={field.about}
            value={lineOf(value)}
            onChange={text => onChange(text === '' && !field.required ? undefined : text)}
            readOnly={disabled}
            invalid={control['aria-invalid'] === true}
            source={reach ? (whole, cursor) => completionAt(whole, cursor, reach) : undefined}
            names={() => inputSpots(values.input)}
            tall
          />
        </Suspense>
      )}
    </Frame>
  )
}
