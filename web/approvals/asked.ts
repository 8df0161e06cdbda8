import type { approval } from '#executions/contract.ts'
import type { Reply } from '#http/contract.ts'

/** A question to a person. */
export type Question = Reply<typeof approval>
/** One of the things that are asked for beside the decision. */
export type Field = Question['fields'][number]

/** What a permission is about: what will run, and what it is given. */
export function plannedOf(message: string): { what: string; given: unknown } | null {
  const [what = '', ...rest] = message.split('\n\n')
  try {
    return { what: what.replace(/, with$/, ''), given: JSON.parse(rest.join('\n\n')) }
  } catch {
    return null
  }
}

/** The choices of a field. */
export const optionsOf = ({ options }: Field): string[] => (Array.isArray(options) ? options.map(String) : [])

/** What stands in a field before anybody wrote into it. */
export function startOf(field: Field): string {
  const { default: value } = field
  return value === undefined || value === null ? '' : String(value)
}

/** What was entered, as the call takes it; empty fields are left out, so that what is asked by default counts. */
export function valuesOf(fields: readonly Field[], entered: Readonly<Record<string, string>>): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const field of fields) {
    const text = entered[field.name] ?? startOf(field)
    if (field.type === 'boolean') values[field.name] = text === 'true'
    else if (text.trim() !== '') values[field.name] = field.type === 'number' ? Number(text) : text
  }
  return values
}

/** The fields that must be filled in and are not, or hold what is no number. */
export const lacking = (fields: readonly Field[], entered: Readonly<Record<string, string>>): string[] =>
  fields
    .filter(field => {
      const text = (entered[field.name] ?? startOf(field)).trim()
      if (field.type === 'boolean') return false
      return text === '' ? field.required : field.type === 'number' && !Number.isFinite(Number(text))
    })
    .map(({ name }) => name)
