import type { Reply } from '#http/contract.ts'
import type { form } from '#triggers/pages/contract.ts'

/** A form or chat as it is shown. */
export type Shown = Extract<Reply<typeof form>, { locked: false }>

/** A field of a form. */
export type Field = Shown['fields'][number]

/** A file that the server has taken, and what stands for it. */
export type Paper = { file: string; name: string; size: number }

/** What was entered into a field. */
export type Entered = string | boolean | readonly string[] | readonly Paper[]

/** What is wrong with what was entered, as a word and a number. */
export type Wrong = {
  word:
    | 'required'
    | 'mustBeYes'
    | 'tooShort'
    | 'tooLong'
    | 'number'
    | 'least'
    | 'most'
    | 'email'
    | 'url'
    | 'date'
    | 'fewer'
    | 'more'
    | 'choose'
  count?: number
}

/** What the server takes at most where the form says nothing. */
const LONGEST: Partial<Record<Field['type'], number>> = { text: 1_000, longtext: 50_000, email: 320, url: 2_000 }
const MOST_FILES = 10

/** How many files a field takes. */
export const mostFiles = ({ type, max }: Pick<Field, 'type' | 'max'>): number => (type === 'file' ? 1 : (max ?? MOST_FILES))

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(one => typeof one === 'string')

/** What stands in a field before anything is entered. */
export function startOf({ type, default: first, options = [] }: Field): Entered {
  if (type === 'boolean') return first === true
  if (type === 'file' || type === 'files') return []
  if (type === 'multichoice') return isTexts(first) ? first.filter(one => options.includes(one)) : []
  return typeof first === 'string' || typeof first === 'number' ? String(first) : ''
}

/** A number as people type it: with a point or a comma. NaN where it is none. */
export function numberOf(text: string): number {
  const plain = text.trim().replace(',', '.')
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain) ? Number(plain) : Number.NaN
}

/** What is wrong with what was entered; null where nothing is. */
export function wrongWith(field: Field, entered: Entered): Wrong | null {
  const { type, required, max } = field
  if (type === 'boolean') return required && entered !== true ? { word: 'mustBeYes' } : null
  if (Array.isArray(entered)) return wrongWithMany(field, entered.length)
  const text = String(entered)
  if (text.trim() === '') return required ? { word: 'required' } : null
  if (type === 'number') return wrongWithNumber(field, numberOf(text))
  if (type === 'email' && !/^[^\s@"(),:;<>[\\\]]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text.trim())) return { word: 'email' }
  if (type === 'url' && !/^https?:\/\/[^\s/]+/i.test(text.trim())) return { word: 'url' }
  if (type === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(text)) return { word: 'date' }
  if (type === 'choice') return (field.options ?? []).includes(text) ? null : { word: 'choose' }
  const most = (type === 'text' || type === 'longtext' ? max : undefined) ?? LONGEST[type]
  if ((type === 'text' || type === 'longtext') && field.min !== undefined && text.length < field.min)
    return { word: 'tooShort', count: field.min }
  return most !== undefined && text.length > most ? { word: 'tooLong', count: most } : null
}

function wrongWithNumber({ min, max }: Field, value: number): Wrong | null {
  if (!Number.isFinite(value)) return { word: 'number' }
  if (min !== undefined && value < min) return { word: 'least', count: min }
  return max !== undefined && value > max ? { word: 'most', count: max } : null
}

function wrongWithMany({ type, required, min, max }: Field, count: number): Wrong | null {
  if (count === 0) return required ? { word: type === 'multichoice' ? 'choose' : 'required' } : null
  const most = type === 'multichoice' ? max : mostFiles({ type, ...(max === undefined ? {} : { max }) })
  if (type !== 'file' && min !== undefined && count < min) return { word: 'more', count: min }
  return most !== undefined && count > most ? { word: 'fewer', count: most } : null
}

/** What is sent for what was entered; nothing for what was left empty. */
export function sentOf({ type }: Field, entered: Entered): unknown {
  if (typeof entered === 'boolean') return entered
  if (Array.isArray(entered)) {
    const list = entered.map(one => (typeof one === 'string' ? one : one.file))
    return type === 'file' ? list[0] : list.length > 0 ? list : undefined
  }
  const text = String(entered)
  if (text.trim() === '') return undefined
  if (type === 'number') return numberOf(text)
  return type === 'email' || type === 'url' ? text.trim() : text
}

/** Everything that is sent. */
export function valuesOf(fields: readonly Field[], entered: Readonly<Record<string, Entered>>): Record<string, unknown> {
  const pairs = fields.map(field => [field.name, sentOf(field, entered[field.name] ?? startOf(field))] as const)
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined))
}
