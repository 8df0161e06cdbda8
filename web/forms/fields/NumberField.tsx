import { useState } from 'react'
import { Input } from '../../ui/Input.tsx'
import { lineOf } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'

/** A number. What is not one yet, such as a lone minus, stays in the field and is not handed on. */
export function NumberField(props: FieldProps<LookAs<'number'>>) {
  const { field, value, onChange } = props
  const { whole, least, most } = field.look
  const [typed, setTyped] = useState<string | null>(null)
  const change = (text: string) => {
    setTyped(text)
    if (text.trim() === '') return onChange(undefined)
    const number = Number(text.trim().replace(',', '.'))
    if (Number.isFinite(number)) onChange(number)
  }
  return (
    <Frame {...props}>
      {control => (
        <Input
          {...control}
          type="text"
          inputMode={whole && (least ?? -1) >= 0 ? 'numeric' : 'decimal'}
          dir="ltr"
          value={typed ?? lineOf(value)}
          placeholder={field.start === undefined ? boundsOf(least, most) : lineOf(field.start)}
          onChange={event => change(event.target.value)}
          onBlur={() => setTyped(null)}
          className="tabular-nums"
        />
      )}
    </Frame>
  )
}

const boundsOf = (least: number | undefined, most: number | undefined) =>
  least !== undefined && most !== undefined ? `${least} – ${most}` : undefined
