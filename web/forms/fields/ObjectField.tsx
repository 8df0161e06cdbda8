import { useForm } from '../context.ts'
import { fieldsOf } from '../field.ts'
import { partsOf } from '../parts.ts'
import { countWithin } from '../problems.ts'
import type { Schema } from '../schema.ts'
import { isObject } from '../schema.ts'
import type { Path } from '../values.ts'
import { Fields } from './Fields.tsx'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Fold } from './Fold.tsx'
import { Frame } from './Frame.tsx'

/** The fields of an object, in a frame of their own. */
export function ObjectField(props: FieldProps<LookAs<'object'>>) {
  const { field, path, value, onChange, bare } = props
  return (
    <Frame {...props} group>
      {() => (
        <div
          className={
            bare
              ? 'grid min-w-0 grid-cols-1 gap-4'
              : 'grid min-w-0 grid-cols-1 gap-4 rounded-xl border border-line bg-hover/40 p-3.5'
          }
        >
          <Inside
            schema={field.schema}
            path={path}
            value={isObject(value) ? value : {}}
            onChange={next => onChange(Object.keys(next).length === 0 && !field.required ? undefined : next)}
          />
        </div>
      )}
    </Frame>
  )
}

type InsideProps = {
  schema: Schema
  path: Path
  value: Record<string, unknown>
  onChange: (next: Record<string, unknown>) => void
  /** A field that is shown elsewhere. */
  but?: string
}

/** The fields of an object; those that few need behind one press. */
export function Inside({ schema, path, value, onChange, but }: InsideProps) {
  const { root, problems } = useForm()
  const all = fieldsOf(schema, root)
  const { plain, sections, advanced } = partsOf(all.filter(([name]) => name !== but))
  const rare = advanced.flatMap(part => part.fields)
  const common = [...plain, ...sections.flatMap(part => part.fields)]
  const count = rare.reduce((sum, [name]) => sum + countWithin(problems, [...path, name]), 0)
  return (
    <>
      <Fields fields={common} all={all} path={path} value={value} onChange={onChange} />
      <Fold fields={rare} all={all} value={value} problems={count}>
        <Fields fields={rare} all={all} path={path} value={value} onChange={onChange} />
      </Fold>
    </>
  )
}
