import { Select } from '../../ui/Select.tsx'
import { useForm } from '../context.ts'
import { isObject } from '../schema.ts'
import { switched } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'
import { Inside } from './ObjectField.tsx'

/** One of several sorts of objects: which, and the fields of that one. */
export function UnionField(props: FieldProps<LookAs<'union'>>) {
  const { field, path, value, onChange } = props
  const { root } = useForm()
  const { by, branches } = field.look
  const given = value ?? field.start
  const object = isObject(given) ? given : {}
  const branch = branches.find(one => one.name === String(object[by])) ?? branches[0]
  if (!branch) return null
  const hasFields = Object.keys(isObject(branch.schema.properties) ? branch.schema.properties : {}).length > 1
  return (
    <Frame {...props}>
      {control => (
        <div className={hasFields ? 'grid min-w-0 grid-cols-1 gap-4 rounded-xl border border-line bg-hover/40 p-3.5' : 'grid'}>
          <Select
            {...control}
            value={branch.name}
            choices={branches.map(({ name, title, about }) => ({ value: name, label: title, ...(about ? { about } : {}) }))}
            onChange={name => {
              const next = branches.find(one => one.name === name)
              if (next) onChange(switched(by, next, root, object))
            }}
          />
          {hasFields && (
            <Inside key={branch.name} schema={branch.schema} path={path} value={object} onChange={onChange} but={by} />
          )}
        </div>
      )}
    </Frame>
  )
}
