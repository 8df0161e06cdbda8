import { useForm } from '../context.ts'
import type { Field } from '../field.ts'
import { wordsAt } from '../problems.ts'
import { isShown, type Path, withField } from '../values.ts'
import { Conditions } from './Conditions.tsx'
import { FieldView } from './FieldView.tsx'

type Named = readonly [string, Field]

type Props = {
  fields: readonly Named[]
  /** All fields of the object, those included that are shown elsewhere. */
  all: readonly Named[]
  path: Path
  value: Record<string, unknown>
  onChange: (next: Record<string, unknown>) => void
}

const isSorted = ([name, { look }]: Named) => (name === 'all' || name === 'any') && look.as === 'conditions' && !look.whole

/** The fields of an object, one below the other. */
export function Fields({ fields, all, path, value, onChange }: Props) {
  const { problems } = useForm()
  const shown = fields.filter(([, field]) => isShown(field, all as [string, Field][], value))
  // `all` and `any` are two fields of the schema and one question to a person.
  const sorted = shown.filter(isSorted)
  const [first] = sorted
  const { all: every, any: some, ...others } = value
  return shown.map(one => {
    const [name, field] = one
    if (sorted.length === 2 && isSorted(one)) {
      if (one !== first) return null
      const group = { ...(every === undefined ? {} : { all: every }), ...(some === undefined ? {} : { any: some }) }
      return (
        <Conditions
          key="conditions"
          path={path}
          value={group}
          error={wordsAt(problems, [...path, 'all']) ?? wordsAt(problems, [...path, 'any'])}
          onChange={next => onChange({ ...others, ...next })}
        />
      )
    }
    return (
      <FieldView
        key={name}
        field={field}
        path={[...path, name]}
        value={value[name]}
        onChange={next => onChange(withField(value, name, next))}
        error={wordsAt(problems, [...path, name])}
      />
    )
  })
}
