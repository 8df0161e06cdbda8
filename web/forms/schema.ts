/** A JSON Schema, with the hints of `#sdk/fields.ts` beside its own words. */
export type Schema = Record<string, unknown>

/** An object, and not a list. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A text, or nothing where it is none. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** A number, or nothing where it is none. */
export const numberIn = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

/** The schemas in a list of them. */
export const schemasIn = (value: unknown): Schema[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** References can lead in a circle. */
const FARTHEST = 20

/** What a schema points at, with what is said beside the reference; parts that must all hold become one. */
export function resolve(schema: Schema, root: Schema): Schema {
  let here = schema
  for (let steps = 0; steps < FARTHEST; steps += 1) {
    const { $ref, allOf, ...own } = here
    const parts = schemasIn(allOf)
    if (typeof $ref === 'string') here = { ...pointed($ref, root), ...own, ...(allOf === undefined ? {} : { allOf }) }
    else if (parts.length > 0) here = joined([...parts.map(part => resolve(part, root)), own])
    else return here
  }
  return {}
}

function pointed(ref: string, root: Schema): Schema {
  if (ref === '#') return root
  const steps = ref
    .replace(/^#\//, '')
    .split('/')
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  let here: unknown = root
  for (const step of steps) here = isObject(here) && Object.hasOwn(here, step) ? here[step] : undefined
  return isObject(here) ? here : {}
}

function joined(parts: readonly Schema[]): Schema {
  const whole: Schema = {}
  for (const part of parts) {
    const { properties } = whole
    Object.assign(whole, part)
    if (isObject(properties) && isObject(part.properties)) whole.properties = { ...properties, ...part.properties }
  }
  return whole
}

/** The names of fields that an object must have. */
export const requiredIn = (schema: Schema): readonly string[] =>
  Array.isArray(schema.required) ? schema.required.filter(name => typeof name === 'string') : []

/** What `type` names, as a list. */
export const typesOf = ({ type }: Schema): string[] =>
  typeof type === 'string' ? [type] : Array.isArray(type) ? type.filter(one => typeof one === 'string') : []

/** The alternatives of a schema, null among them left out; and whether null was among them. */
export function branchesOf(schema: Schema, root: Schema): { branches: Schema[]; nullable: boolean } {
  const all = [...schemasIn(schema.oneOf), ...schemasIn(schema.anyOf)].map(one => resolve(one, root))
  const branches = all.filter(one => !(one.type === 'null' || one.const === null))
  return { branches, nullable: branches.length < all.length }
}
