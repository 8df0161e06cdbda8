import { useForm } from '../context.ts'
import { typesOf } from '../schema.ts'
import { lineOf, readLike } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'
import { Template } from './Template.tsx'

/** A text of one line or of many. */
export function TextField(props: FieldProps<LookAs<'text'> | LookAs<'longtext'>>) {
  const { field, path, value, onChange } = props
  const { reachOf } = useForm()
  const change = (text: string) => {
    if (text === '' && !field.required) return onChange(undefined)
    onChange(typesOf(field.schema).includes('string') ? text : readLike(value, text))
  }
  const shown = value ?? ''
  const isLong = field.look.as === 'longtext'
  return (
    <Frame {...props} open>
      {control => (
        <Template
          control={control}
          title={field.title}
          path={path}
          value={lineOf(shown)}
          onChange={change}
          reach={reachOf(path)}
          lines={isLong ? 4 : 1}
          placeholder={field.start === undefined ? field.example : lineOf(field.start)}
        />
      )}
    </Frame>
  )
}
