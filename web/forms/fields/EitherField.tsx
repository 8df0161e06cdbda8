import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Select } from '../../ui/Select.tsx'
import { useForm } from '../context.ts'
import { type Branch, fieldOf } from '../field.ts'
import { blankOf, branchOf } from '../values.ts'
import { type FieldProps, FieldView, type LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'

const WORDS = ['text', 'longtext', 'list', 'object', 'number', 'boolean', 'any'] as const

/** A value of one of several kinds, such as a text or a list of them. */
export function EitherField(props: FieldProps<LookAs<'either'>>) {
  const { t } = useTranslation()
  const { field, path, value, onChange } = props
  const { root } = useForm()
  const { branches } = field.look
  const [chosen, setChosen] = useState<number | null>(null)
  const at = chosen ?? branchOf(value ?? field.start, branches, root)
  const branch = branches[at]
  if (!branch) return null
  const nameOf = ({ title, name }: Branch) => {
    const word = WORDS.find(one => one === name)
    return title || t(`forms.sorts.${word ?? 'any'}`)
  }
  const inner = { ...fieldOf(branch.schema, root, '', true), title: field.title, about: undefined }
  return (
    <Frame
      {...props}
      group
      open={inner.look.as === 'text'}
      aside={
        <Select
          label={t('forms.as', { title: field.title })}
          value={String(at)}
          choices={branches.map((one, place) => ({
            value: String(place),
            label: nameOf(one),
            ...(one.about ? { about: one.about } : {}),
          }))}
          onChange={next => {
            setChosen(Number(next))
            const target = branches[Number(next)]
            if (target && Number(next) !== at) onChange(carried(value, target, root))
          }}
          className="h-7 w-auto min-w-24 px-2 text-xs"
        />
      }
    >
      {() => <FieldView field={inner} path={path} value={value} onChange={onChange} error={undefined} bare />}
    </Frame>
  )
}

/** A text becomes a list of it and back; anything else begins anew. */
function carried(value: unknown, { name, schema }: Branch, root: Parameters<typeof blankOf>[1]): unknown {
  if (name === 'list' && typeof value === 'string' && value !== '') return [value]
  if (name === 'text' && Array.isArray(value) && typeof value[0] === 'string') return value[0]
  return blankOf(schema, root)
}
