import { Input } from '../../ui/Input.tsx'
import { useForm } from '../context.ts'
import { kept, pickable } from '../moment.ts'
import { lineOf } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'
import { Template } from './Template.tsx'

/** A date and a time; what has an offset of its own is written as text. */
export function MomentField(props: FieldProps<LookAs<'datetime'>>) {
  const { field, path, value, onChange } = props
  const { reachOf } = useForm()
  const picked = pickable(value)
  return (
    <Frame {...props}>
      {control =>
        picked === null ? (
          <Template
            control={control}
            title={field.title}
            path={path}
            value={lineOf(value)}
            onChange={text => onChange(text === '' ? undefined : text)}
            reach={reachOf(path)}
          />
        ) : (
          <Input {...control} type="datetime-local" value={picked} onChange={event => onChange(kept(event.target.value))} />
        )
      }
    </Frame>
  )
}
