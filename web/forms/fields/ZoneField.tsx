import { useTranslation } from 'react-i18next'
import { useForm } from '../context.ts'
import { lineOf } from '../values.ts'
import { offsetOf, ZONES } from '../zones.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'
import { Picker } from './Picker.tsx'

/** A time zone, with how far its clocks are from UTC. */
export function ZoneField(props: FieldProps<LookAs<'timezone'>>) {
  const { t } = useTranslation()
  const { field, value, onChange } = props
  const { timezone } = useForm()
  const zone = lineOf(value)
  return (
    <Frame {...props}>
      {control => (
        <Picker
          control={control}
          title={field.title}
          value={zone || null}
          shown={
            zone ? (
              <span className="truncate">{zone}</span>
            ) : (
              <span className="truncate text-muted">{t('forms.zoneOf', { zone: timezone })}</span>
            )
          }
          items={[
            ...(zone ? [{ value: '', label: t('forms.zoneOf', { zone: timezone }) }] : []),
            ...ZONES().map(name => ({ value: name, label: name.replaceAll('_', ' '), about: offsetOf(name) })),
          ]}
          free={typed => (offsetOf(typed) === '' ? null : typed)}
          onPick={next => onChange(next === '' ? undefined : next)}
        />
      )}
    </Frame>
  )
}
