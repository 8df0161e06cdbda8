import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { given, isObject } from '#sdk/given.ts'

/** Objects within objects; deeper is a mistake. */
const DEEPEST = 50

/** Makes an object. */
export const set = defineBlock({
  id: 'core.set',
  version: 1,
  title: 'Set fields',
  about: 'Makes an object of the fields you name, or changes fields of another.',
  group: 'data',
  icon: 'pencil-line',
  input: z.strictObject({
    fields: z.record(z.string(), z.unknown()).meta({
      title: 'Fields',
      description: 'A name and a value each. A name with dots, such as customer.name, sets a field within an object.',
      ui: 'pairs',
    }),
    keep: z
      .boolean()
      .default(false)
      .meta({ title: 'Keep other fields', description: 'Starts with the fields of another object.' }),
    from: z
      .unknown()
      .optional()
      .meta({
        title: 'Of',
        description: 'The object whose fields are kept, such as {{ trigger }} or {{ fetch.body }}.',
        when: { field: 'keep', is: [true] },
      }),
    drop: z
      .array(z.string())
      .default([])
      .meta({
        title: 'Except',
        description: 'Fields that are not kept.',
        when: { field: 'keep', is: [true] },
        advanced: true,
        ui: 'list',
      }),
    dots: z
      .boolean()
      .default(true)
      .meta({ title: 'Dots mean “within”', description: 'Turn it off to have dots in names.', advanced: true }),
  }),
  output: z.record(z.string(), z.unknown()).meta({ title: 'Object' }),
  effect: 'pure',
  example: {
    input: { fields: { name: 'Ada', 'address.city': 'London' } },
    output: { name: 'Ada', address: { city: 'London' } },
  },
  run({ fields, keep, from, drop, dots }) {
    const names = Object.keys(fields)
    if (!keep && (!dots || !names.some(name => name.includes('.')))) return fields
    const made = keep ? kept(from, drop) : {}
    const own = new Set<object>([made])
    for (const name of names) put(made, dots ? name.split('.') : [name], fields[name], own)
    return made
  },
})

function kept(from: unknown, drop: readonly string[]): Record<string, unknown> {
  if (from === null) return {}
  if (!isObject(from))
    throw new Refused(
      'input.wrong_kind',
      from === undefined
        ? '`keep` is on, but `from` does not say whose fields are kept. Give an object, for example {{ trigger }}.'
        : `\`from\` is ${given(from)}; give an object, for example {{ trigger }}.`,
    )
  return Object.fromEntries(Object.entries(from).filter(([name]) => !drop.includes(name)))
}

/** Objects that are not our own are copied on the way: values of other nodes never change. */
function put(made: Record<string, unknown>, path: readonly string[], value: unknown, own: Set<object>): void {
  const name = path.join('.')
  if (path.length > DEEPEST)
    throw new Refused('input.invalid', `\`fields\`: a name has ${path.length} parts; at most ${DEEPEST} are possible.`)
  if (path.some(part => part === '' || part === '__proto__'))
    throw new Refused(
      'input.invalid',
      `\`fields\`: “${name.slice(0, 80)}” is no name for a field. Turn off “Dots mean within” to have dots in names.`,
    )
  let at = made
  for (const [nth, part] of path.slice(0, -1).entries()) {
    const there = Object.hasOwn(at, part) ? at[part] : null
    if (there !== null && !isObject(there))
      throw new Refused(
        'input.invalid',
        `\`fields\`: “${name}” cannot be set, for “${path.slice(0, nth + 1).join('.')}” is ${given(there)}.`,
      )
    const inside: Record<string, unknown> = there !== null && own.has(there) ? there : { ...there }
    own.add(inside)
    at[part] = inside
    at = inside
  }
  at[path.at(-1) ?? ''] = value
}
