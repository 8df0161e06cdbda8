import { Switch } from '../../ui/Switch.tsx'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'

/** Yes or no. */
export function SwitchField(props: FieldProps<LookAs<'boolean'>>) {
  const { field, value, onChange } = props
  return (
    <Frame {...props} row>
      {control => <Switch {...control} checked={(value ?? field.start) === true} onChange={onChange} />}
    </Frame>
  )
}
