import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Input } from '../../ui/Input.tsx'
import { Select } from '../../ui/Select.tsx'
import { useForm } from '../context.ts'
import { amountOf, UNITS, type Unit, written } from '../duration.ts'
import { lineOf } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'
import { Template } from './Template.tsx'

/** A length of time: a number and its unit; what has several units, and a date, is written as text. */
export function DurationField(props: FieldProps<LookAs<'duration'>>) {
  const { t } = useTranslation()
  const { field, path, value, onChange } = props
  const { reachOf } = useForm()
  const amount = amountOf(value ?? field.start)
  const [unit, setUnit] = useState<Unit>(amount?.unit ?? 'm')
  const [free, setFree] = useState(false)
  const asText = free || amount === null
  const shown = { count: amount?.count ?? '', unit: amount && amount.count !== '' ? amount.unit : unit }
  const aside = (
    <button
      type="button"
      onClick={() => setFree(!asText)}
      className="rounded-md px-1.5 py-1 text-xs text-muted hover:bg-hover hover:text-text pointer-coarse:py-2.5"
    >
      {asText ? t('forms.asAmount') : t('forms.asWritten')}
    </button>
  )
  return (
    <Frame {...props} aside={amount === null ? undefined : aside}>
      {control =>
        asText ? (
          <Template
            control={control}
            title={field.title}
            path={path}
            value={lineOf(value)}
            placeholder="1h 30m"
            onChange={text => onChange(text === '' ? undefined : text)}
            reach={reachOf(path)}
          />
        ) : (
          <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-2">
            <Input
              {...control}
              inputMode="decimal"
              dir="ltr"
              value={shown.count}
              onChange={event => {
                const count = event.target.value.replace(',', '.').replace(/[^\d.]/g, '')
                onChange(written({ count, unit: shown.unit }))
              }}
              className="tabular-nums"
            />
            <Select
              label={t('forms.unitOf', { title: field.title })}
              value={shown.unit}
              choices={UNITS.map(one => ({ value: one, label: t(`forms.units.${one}`) }))}
              onChange={next => {
                setUnit(next)
                if (shown.count !== '') onChange(written({ count: shown.count, unit: next }))
              }}
            />
          </div>
        )
      }
    </Frame>
  )
}
