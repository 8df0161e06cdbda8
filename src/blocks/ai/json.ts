import { z } from 'zod'
import { Refused } from '#sdk/fail.ts'
import { isObject } from '#sdk/given.ts'

/** A JSON Schema. */
export type Schema = Record<string, unknown>

/** The JSON in an answer, also with a fence or words around it; undefined where there is none. */
export function jsonIn(text: string): unknown {
  const whole = parsed(text)
  if (whole !== undefined) return whole
  const start = text.search(/[[{]/)
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'))
  return start < 0 || end < start ? undefined : parsed(text.slice(start, end + 1))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What is wrong with a value, for the model that wrote it; nothing where it fits. */
export type Check = (value: unknown) => string[]

/** So many faults are told at once. */
const MOST = 12

/** Makes the check of a schema. Fails with `Refused` where the schema itself is wrong. */
export function checkOf(schema: Schema): Check {
  const form = formOf(schema)
  return value => {
    const { error } = form.safeParse(value)
    return (error?.issues ?? []).slice(0, MOST).map(issue => `${placeOf(issue.path)}: ${wordsOf(issue)}`)
  }
}

function formOf(schema: Schema): z.ZodType {
  try {
    return z.fromJSONSchema(schema)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Refused('input.bad_schema', `The JSON Schema in \`schema\` cannot be used: ${why}.`)
  }
}

const placeOf = (path: PropertyKey[]) =>
  path.reduce<string>(
    (all, part) => (typeof part === 'number' ? `${all}[${part}]` : all === '' ? String(part) : `${all}.${String(part)}`),
    '',
  ) || 'all of it'

/** Of several ways to be right, what each would want. */
function wordsOf(issue: z.core.$ZodIssue): string {
  const plain = issue.message.replace(/^Invalid input: /, '')
  if (issue.code !== 'invalid_union') return plain
  const ways = issue.errors.flatMap(way => way.slice(0, 1).map(wordsOf))
  return ways.length === 0 ? plain : [...new Set(ways)].join(', or ')
}

/** The same schema as an object, which is all that some providers take; `inside` takes the value out again. */
export function asObject(schema: Schema): { schema: Schema; inside(value: unknown): unknown } {
  const { $defs, definitions, $schema: _dialect, ...own } = schema
  const isWhole = schema.type === 'object' || isObject(schema.properties) || JSON.stringify(schema).includes('"$ref":"#"')
  if (isWhole) return { schema, inside: value => value }
  const wrapped = {
    type: 'object',
    properties: { value: own },
    required: ['value'],
    additionalProperties: false,
    ...($defs === undefined ? {} : { $defs }),
    ...(definitions === undefined ? {} : { definitions }),
  }
  return { schema: wrapped, inside: value => (isObject(value) ? value.value : undefined) }
}
