import { useTranslation } from 'react-i18next'
import { useForm } from '../context.ts'
import { type Field, fieldOf } from '../field.ts'
import { countWithin, wordsAt } from '../problems.ts'
import { isObject, typesOf } from '../schema.ts'
import { shortOf } from '../short.ts'
import { blankOf } from '../values.ts'
import { type FieldProps, FieldView, type LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'
import { Inside } from './ObjectField.tsx'
import { Rows } from './Rows.tsx'

/** Entries of one kind: objects with their fields, or single values. */
export function ListField(props: FieldProps<LookAs<'list'>>) {
  const { t } = useTranslation()
  const { field, path, value, onChange } = props
  const { root, problems } = useForm()
  const { item, most } = field.look
  const list = Array.isArray(value) ? value : value === undefined && Array.isArray(field.start) ? field.start : []
  const inner = fieldOf(item, root, '')
  const title = inner.title || t('forms.entry')
  const simple = inner.look.as !== 'object'
  const nameOf = (one: unknown, at: number) => {
    const told = isObject(one)
      ? [one.name, one.title, one.role, one.key].find(word => typeof word === 'string' && word !== '')
      : undefined
    if (typeof told === 'string') return told
    return simple || !isObject(one) || Object.keys(one).length === 0 ? `${title} ${at + 1}` : shortOf(Object.values(one)[0])
  }
  return (
    <Frame {...props} group>
      {() => (
        <Rows
          title={field.title}
          list={list}
          most={most}
          onChange={next => onChange(next.length === 0 && !field.required ? undefined : next)}
          fresh={() => blankOf(item, root)}
          nameOf={nameOf}
          wrongIn={at => countWithin(problems, [...path, at])}
          flat={simple}
        >
          {(one, at, change) =>
            simple ? (
              <FieldView
                field={named(inner, `${title} ${at + 1}`)}
                path={[...path, at]}
                value={one}
                onChange={next => change(next ?? (typesOf(item).includes('string') ? '' : null))}
                error={wordsAt(problems, [...path, at])}
                bare
              />
            ) : (
              <Inside schema={inner.schema} path={[...path, at]} value={isObject(one) ? one : {}} onChange={change} />
            )
          }
        </Rows>
      )}
    </Frame>
  )
}

const named = (field: Field, title: string): Field => ({ ...field, title, required: true, about: undefined })
