import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Segments } from '../../ui/Segments.tsx'
import { useForm } from '../context.ts'
import { lineOf, readLike } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'
import { JsonBox } from './JsonField.tsx'
import { Template } from './Template.tsx'

const isPlain = (value: unknown) => typeof value !== 'object' || value === null

/** A value of any kind: a text, a template, or JSON. */
export function AnyField(props: FieldProps<LookAs<'any'>>) {
  const { t } = useTranslation()
  const { field, path, value, onChange, bare } = props
  const { reachOf } = useForm()
  const [as, setAs] = useState<'text' | 'json'>(
    isPlain(value) && (value === undefined || typeof value === 'string') ? 'text' : 'json',
  )
  const aside = (
    <Segments
      label={t('forms.as', { title: field.title })}
      value={as}
      choices={[
        { value: 'text', label: t('forms.asText') },
        { value: 'json', label: 'JSON' },
      ]}
      onChange={next => {
        setAs(next)
        if (next === 'text' && !isPlain(value)) onChange(JSON.stringify(value))
      }}
      small
    />
  )
  return (
    <Frame {...props} open aside={bare ? undefined : aside}>
      {control =>
        as === 'json' && !bare ? (
          <JsonBox control={control} title={field.title} path={path} value={value} onChange={onChange} />
        ) : (
          <Template
            control={control}
            title={field.title}
            path={path}
            value={lineOf(value)}
            onChange={text => onChange(text === '' && !field.required ? undefined : readLike(value, text))}
            reach={reachOf(path)}
          />
        )
      }
    </Frame>
  )
}
