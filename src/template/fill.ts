import { asText, evaluate, type Parsed, parse, variables } from './liquid.ts'

/** Parameters whose templates are parsed once and filled many times. */
export type Filler = {
  /** Fills the templates. Values that come from the scope are put in as they are and never read as templates. */
  fill(scope: Record<string, unknown>): unknown
  /** What the templates read, in the order of the fields. */
  readonly references: readonly Reference[]
  /** The first segments of the references: what the scope must have. */
  readonly roots: ReadonlySet<string>
  /** Is there nothing to fill? */
  readonly constant: boolean
}

/** One thing that a field reads: `field` is where it stands in the parameters, `path` what it reads. */
export type Reference = { field: string; path: readonly (string | number)[] }

/** A template that does not parse, with the field it stands in. */
export class BadTemplate extends Error {
  override readonly name = 'BadTemplate'
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

type Part = (scope: Record<string, unknown>) => unknown

/** Makes parameters ready to be filled; throws `BadTemplate`. */
export function prepare(params: unknown): Filler {
  const references: Reference[] = []
  const part = partOf(params, '', references)
  return {
    fill: scope => (part ? part(scope) : params),
    references,
    roots: new Set(references.map(({ path }) => String(path[0]))),
    constant: part === null,
  }
}

/** Null where nothing is to be filled, so that constant parts are shared and cost nothing. */
function partOf(value: unknown, field: string, references: Reference[]): Part | null {
  if (typeof value === 'string') return value.includes('{{') || value.includes('{%') ? partOfText(value, field, references) : null
  if (Array.isArray(value)) return partOfList(value, field, references)
  if (typeof value === 'object' && value !== null) return partOfObject(value, field, references)
  return null
}

function partOfText(text: string, field: string, references: Reference[]): Part {
  let parsed: Parsed
  try {
    parsed = parse(text)
  } catch (error) {
    throw new BadTemplate(field, error instanceof Error ? error.message : String(error))
  }
  const reads = variables(parsed)
  references.push(...reads.map(path => ({ field, path })))
  const simple = parsed.value ? null : simpleParts(text)
  if (simple) return scope => simple.map(one => (typeof one === 'string' ? one : asText(walk(scope, one)))).join('')
  const [path] = reads
  return parsed.value && path && reads.length === 1 && isPlain(text, path)
    ? scope => walk(scope, path)
    : scope => evaluate(parsed, scope)
}

/** Words that mean something of a list or a text to Liquid. */
const LIQUID = new Set<string | number>(['size', 'first', 'last'])

/** Most expressions only follow a path; those are walked without Liquid, thirty times as fast. */
const isPlain = (text: string, path: (string | number)[]): boolean =>
  text.trim().slice(2, -2).trim() ===
    path.map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`)).join('') &&
  !path.some(part => LIQUID.has(part))

const HOLE = /\{\{\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*)\s*\}\}/g
const LITERALS = /^(true|false|nil|null|empty|blank)$/

/** A text whose holes only follow paths, in its parts; null where Liquid is needed. */
function simpleParts(text: string): (string | (string | number)[])[] | null {
  const parts: (string | (string | number)[])[] = []
  let from = 0
  for (const match of text.matchAll(HOLE)) {
    const path = (match[1] ?? '').split(/[.[]/).map(part => (part.endsWith(']') ? Number(part.slice(0, -1)) : part))
    if (LITERALS.test(String(path[0])) || path.some(part => LIQUID.has(part))) return null
    parts.push(text.slice(from, match.index), path)
    from = match.index + match[0].length
  }
  parts.push(text.slice(from))
  return parts.some(part => typeof part === 'string' && /\{\{|\{%|\}\}/.test(part)) ? null : parts
}

function walk(scope: unknown, path: readonly (string | number)[]): unknown {
  let value = scope
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return null
    value = Reflect.get(value, part)
  }
  return value ?? null
}

function partOfList(list: unknown[], field: string, references: Reference[]): Part | null {
  const parts = list.map((value, at) => partOf(value, `${field}[${at}]`, references))
  return parts.some(Boolean) ? scope => parts.map((part, at) => (part ? part(scope) : list[at])) : null
}

function partOfObject(object: object, field: string, references: Reference[]): Part | null {
  const entries = Object.entries(object).map(
    ([key, value]) => [key, value, partOf(value, field ? `${field}.${key}` : key, references)] as const,
  )
  if (!entries.some(([, , part]) => part)) return null
  return scope => Object.fromEntries(entries.map(([key, value, part]) => [key, part ? part(scope) : value]))
}
