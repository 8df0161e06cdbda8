import type { z } from 'zod'

/** What is wrong with one field: words of our own, or a sentence that came from the server. */
export type Problem = { word: 'required' | 'tooShort' | 'tooLong' | 'email' | 'invalid'; count?: number } | { text: string }

/** What is wrong, by field. */
export type Problems = Record<string, Problem>

/** Checks what was entered against the schema of the call, before anything is sent. */
export function problemsOf(schema: z.ZodType, values: unknown): Problems {
  const parsed = schema.safeParse(values)
  const found: Problems = {}
  if (parsed.success) return found
  for (const issue of parsed.error.issues) {
    const name = issue.path.map(String).join('.')
    found[name] ??= problemOf(issue, valueAt(values, issue.path))
  }
  return found
}

function problemOf(issue: z.core.$ZodIssue, value: unknown): Problem {
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return { word: 'required' }
  if (issue.code === 'too_small' && issue.origin === 'string') return { word: 'tooShort', count: Number(issue.minimum) }
  if (issue.code === 'too_big' && issue.origin === 'string') return { word: 'tooLong', count: Number(issue.maximum) }
  if (issue.code === 'invalid_format' && issue.format === 'email') return { word: 'email' }
  return { word: 'invalid' }
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at !== null && typeof at === 'object' ? Reflect.get(at, key) : undefined), values)
}

/** What the server found wrong: its paths begin with the part of the call, such as `body.email`. */
export function problemsFrom(details: readonly { path: string; message: string }[]): Problems {
  const found: Problems = {}
  for (const { path, message } of details) found[path.replace(/^(body|query|params)\.?/, '')] ??= { text: message }
  return found
}
