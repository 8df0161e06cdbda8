import { useTranslation } from 'react-i18next'
import { Segments } from '../../ui/Segments.tsx'
import { Select } from '../../ui/Select.tsx'
import type { Choice } from '../choices.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'

const NOTHING = ''
const keyOf = (value: unknown) => JSON.stringify(value) ?? NOTHING

/** Few and short, and nothing to explain: all of them can stand side by side. */
const fitsBeside = (choices: readonly Choice[]) =>
  choices.length <= 4 &&
  choices.every(one => one.about === undefined) &&
  choices.reduce((sum, one) => sum + one.title.length, choices.length * 3) <= 34

/** One of a few values. */
export function ChoiceField(props: FieldProps<LookAs<'choice'>>) {
  const { t } = useTranslation()
  const { field, value, onChange, bare } = props
  const { choices } = field.look
  const chosen = value ?? field.start
  const known = choices.map(one => ({ value: keyOf(one.value), label: one.title, ...(one.about ? { about: one.about } : {}) }))
  const stray = chosen !== undefined && !known.some(one => one.value === keyOf(chosen))
  const all = [
    ...(field.start === undefined && !field.required ? [{ value: NOTHING, label: t('forms.unset') }] : []),
    ...known,
    ...(stray ? [{ value: keyOf(chosen), label: String(chosen) }] : []),
  ]
  const pick = (key: string) => onChange(choices.find(one => keyOf(one.value) === key)?.value)
  const beside = !bare && fitsBeside(choices) && chosen !== undefined && !stray
  const about = choices.find(one => one.value === chosen)?.about
  return (
    <Frame {...props} group={beside}>
      {control =>
        beside ? (
          <Segments label={field.title} value={keyOf(chosen)} choices={known} onChange={pick} />
        ) : (
          <>
            <Select
              {...control}
              {...(bare ? { label: field.title } : {})}
              value={chosen === undefined ? NOTHING : keyOf(chosen)}
              choices={all}
              onChange={pick}
            />
            {about && !bare && <p className="text-xs text-muted">{about}</p>}
          </>
        )
      }
    </Frame>
  )
}
