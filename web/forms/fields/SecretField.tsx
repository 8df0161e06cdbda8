import { Password } from '../../ui/Input.tsx'
import { lineOf } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'

/** A secret, hidden until somebody wants to see it. */
export function SecretField(props: FieldProps<LookAs<'secret'>>) {
  const { value, onChange } = props
  return (
    <Frame {...props}>
      {control => (
        <Password
          {...control}
          value={lineOf(value)}
          autoComplete="new-password"
          spellCheck={false}
          onChange={event => onChange(event.target.value === '' ? undefined : event.target.value)}
        />
      )}
    </Frame>
  )
}
