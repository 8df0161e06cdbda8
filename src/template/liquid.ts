import { Context, Liquid, type Template, toValueSync } from 'liquidjs'

/** A text longer than this is data, not a template. */
const LONGEST = 200_000

/** Enough for any sentence; a bomb stops here. Milliseconds, and about as many characters. */
const RENDER_MS = 500
const MEMORY = 20_000_000

const OPTIONS = {
  // Without this `include` and `render` would read files.
  templates: {},
  // Said here, the same on every machine; asking the machine would load 8 MB of language data.
  locale: 'en-US',
  ownPropertyOnly: true,
  strictFilters: true,
  strictVariables: false,
  parseLimit: LONGEST,
  renderLimit: RENDER_MS,
  memoryLimit: MEMORY,
}

/** For a value that keeps its type. */
const typed = new Liquid(OPTIONS)

/** A value in a text: what is no text becomes JSON in it, for `[object Object]` helps nobody. */
export const asText = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')

/** For text. */
const text = new Liquid({ ...OPTIONS, outputEscape: asText })

/** Liquid's own view of what stands between the braces. */
type Value = { value: (context: Context) => Generator<unknown, unknown, unknown> }

/** A parsed template: text that is filled, or one expression that keeps the type of its value. */
export type Parsed = { templates: Template[]; value: Value | null }

/** Parses a text; throws with Liquid's own words. */
export function parse(source: string): Parsed {
  const trimmed = source.trim()
  if (trimmed.startsWith('{{') && trimmed.endsWith('}}')) {
    const templates = typed.parse(trimmed)
    const [only] = templates
    if (templates.length === 1 && only && 'value' in only) return { templates, value: only.value as Value }
  }
  return { templates: text.parse(source), value: null }
}

/** Evaluates a parsed template: the value itself, or the filled text. */
export function evaluate({ templates, value }: Parsed, scope: Record<string, unknown>): unknown {
  if (!value) return text.renderSync(templates, scope)
  return toValueSync(value.value(new Context(scope, typed.options))) ?? null
}

/** The variables a template reads from outside, each with its segments as far as they are known. */
export function variables({ templates }: Parsed): (string | number)[][] {
  return typed
    .globalVariableSegmentsSync(templates)
    .map(segments => segments.filter(segment => typeof segment === 'string' || typeof segment === 'number'))
}
