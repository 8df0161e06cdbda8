import { branchesOf, isObject, resolve, type Schema, textOf, typesOf } from './schema.ts'

/** Something that a template can name: a node before this one, what started it, or a name that is always there. */
export type Source = {
  key: string
  title: string
  kind: 'node' | 'trigger' | 'turn' | 'vars' | 'execution' | 'workflow' | 'now'
  /** What it is known to have, as JSON Schema. */
  schema?: Schema | undefined
  /** What it was the last time, or what is pinned; undefined where nothing has run. */
  last?: unknown
}

/** Everything that a template of a node can name. */
export type Reach = readonly Source[]

/** A value within what can be named. */
export type Spot = {
  path: (string | number)[]
  name: string
  title: string | undefined
  type: string
  /** What was seen there the last time; undefined where nothing was. */
  last: unknown
  /** Is there anything within? */
  deeper: boolean
}

const text = (title: string): Schema => ({ type: 'string', title })

/** The names that are always there; `item` and `index` inside of a loop and in fields that are worked out for each entry. */
export function reserved({ turning, variables }: { turning: boolean; variables: Record<string, unknown> }): Source[] {
  const turn: Source[] = [
    { key: 'item', title: 'item', kind: 'turn' },
    { key: 'index', title: 'index', kind: 'turn', schema: { type: 'integer' } },
  ]
  return [
    ...(turning ? turn : []),
    { key: 'vars', title: 'vars', kind: 'vars', last: variables },
    {
      key: 'execution',
      title: 'execution',
      kind: 'execution',
      schema: {
        type: 'object',
        properties: {
          id: text('Id'),
          startedAt: text('Start'),
          start: text('Started by'),
          url: text('Address'),
          callbacks: { type: 'object' },
        },
      },
    },
    {
      key: 'workflow',
      title: 'workflow',
      kind: 'workflow',
      schema: {
        type: 'object',
        properties: { id: text('Id'), name: text('Name'), version: { type: 'integer', title: 'Version' } },
      },
    },
    { key: 'now', title: 'now', kind: 'now', schema: text('Time') },
  ]
}

/** What kind of value something is, in one word. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'string') return 'text'
  return typeof value
}

const WORDS: Record<string, string> = { string: 'text', array: 'list', integer: 'number' }

function typeOfSchema(schema: Schema | undefined): string {
  if (!schema) return 'any'
  const types = typesOf(schema).filter(type => type !== 'null')
  const [only] = types
  if (only !== undefined && types.length === 1) return WORDS[only] ?? only
  if (isObject(schema.properties)) return 'object'
  return Array.isArray(schema.enum) ? 'text' : 'any'
}

/** Lists are looked into as far as this; the others are like them. */
const MOST_ENTRIES = 20
/** A table may have a thousand columns. */
const MOST_FIELDS = 500

type Known = { schema: Schema | undefined; root: Schema; last: unknown }

/** What stands at a path: its schema and the value last seen there. */
function knownAt(reach: Reach, path: readonly (string | number)[]): Known | null {
  const [key, ...rest] = path
  const source = reach.find(one => one.key === key)
  if (!source) return null
  const root = source.schema ?? {}
  let known: Known = { schema: source.schema ? narrowed(source.schema, root) : undefined, root, last: source.last }
  for (const part of rest) known = within(known, part)
  return known
}

/** Of alternatives, the one that has fields. */
function narrowed(schema: Schema, root: Schema): Schema {
  const here = resolve(schema, root)
  if (isObject(here.properties) || isObject(here.items)) return here
  const { branches } = branchesOf(here, root)
  return branches.find(one => isObject(one.properties) || isObject(one.items)) ?? branches[0] ?? here
}

function within({ schema, root, last }: Known, part: string | number): Known {
  const value = typeof last === 'object' && last !== null && Object.hasOwn(last, part) ? Reflect.get(last, part) : undefined
  let inner: unknown
  if (typeof part === 'number') inner = schema?.items
  else if (isObject(schema?.properties) && Object.hasOwn(schema.properties, part)) inner = schema.properties[part]
  else inner = schema?.additionalProperties
  return { schema: isObject(inner) ? narrowed(inner, root) : undefined, root, last: value }
}

/** What can be named at a path; without one, where everything begins. */
export function spotsAt(reach: Reach, path: readonly (string | number)[]): Spot[] {
  if (path.length === 0)
    return reach.map(source => spotOf({ path: [], part: source.key, known: knownAt(reach, [source.key]), title: source.title }))
  const known = knownAt(reach, path)
  if (!known) return []
  return partsOf(known).map(part => spotOf({ path, part, known: within(known, part) }))
}

function partsOf({ schema, last }: Known): (string | number)[] {
  const told = isObject(schema?.properties) ? Object.keys(schema.properties) : []
  if (Array.isArray(last)) return Array.from({ length: Math.min(last.length, MOST_ENTRIES) }, (_none, at) => at)
  if (isObject(last) && !('$large' in last)) return [...new Set([...Object.keys(last), ...told])].slice(0, MOST_FIELDS)
  return typesOf(schema ?? {}).includes('array') ? [0] : told
}

type Making = { path: readonly (string | number)[]; part: string | number; known: Known | null; title?: string }

function spotOf({ path, part, known, title }: Making): Spot {
  const last = known?.last
  const type = last === undefined || last === null ? typeOfSchema(known?.schema) : typeOf(last)
  return {
    path: [...path, part],
    name: String(part),
    title: title ?? textOf(known?.schema?.title),
    type,
    last,
    deeper: known !== null && partsOf(known).length > 0,
  }
}

/** The value last seen at each name: what a preview is filled from. Names that nothing is known of are left out. */
export const scopeOf = (reach: Reach): Record<string, unknown> =>
  Object.fromEntries(reach.flatMap(({ key, last }) => (last === undefined ? [] : [[key, last]])))

/** A path as a template names it: `fetch.body["x-y"][0]`. */
export const expressionOf = (path: readonly (string | number)[]): string =>
  path.reduce<string>((text, part, at) => {
    if (typeof part === 'number') return `${text}[${part}]`
    if (/^[A-Za-z_]\w*$/.test(part)) return at === 0 ? part : `${text}.${part}`
    return `${text}[${JSON.stringify(part)}]`
  }, '')
