import { plain } from './words.ts'

/** Something that was found in a text, and where it stands. */
export type Found<Value = string> = { at: number; text: string; value: Value }

const MONTHS = [
  ['january', 'januar', 'jan', 'janner'],
  ['february', 'februar', 'feb'],
  ['march', 'marz', 'mar'],
  ['april', 'apr'],
  ['may', 'mai'],
  ['june', 'juni', 'jun'],
  ['july', 'juli', 'jul'],
  ['august', 'aug'],
  ['september', 'sep', 'sept'],
  ['october', 'oktober', 'oct', 'okt'],
  ['november', 'nov'],
  ['december', 'dezember', 'dec', 'dez'],
]

/** So many of a kind are looked at. */
export const MOST = 500

const FORMS: readonly [RegExp, (parts: string[]) => readonly [year: number, month: number, day: number]][] = [
  [/\b(\d{4})-(\d{2})-(\d{2})(?!\d)/g, ([year, month, day]) => [Number(year), Number(month), Number(day)]],
  [/\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?!\d)/g, ([day, month, year]) => [full(year), Number(month), Number(day)]],
  [/\b(\d{1,2})\/(\d{1,2})\/(\d{4})(?!\d)/g, ([one, two, year]) => slashed(Number(one), Number(two), full(year))],
  [
    /\b(\p{L}{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)/gu,
    ([name, day, year]) => [full(year), month(name), Number(day)],
  ],
  [
    /\b(\d{1,2})(?:st|nd|rd|th|\.)? (\p{L}{3,9})\.?,? (\d{4})(?!\d)/gu,
    ([day, name, year]) => [full(year), month(name), Number(day)],
  ],
]

const full = (year = '') => (year.length === 2 ? 2000 + Number(year) : Number(year))
const month = (name = '') => MONTHS.findIndex(names => names.includes(plain(name))) + 1
/** Months come first where they can: so is the habit of who writes slashes. */
const slashed = (one: number, two: number, year: number) => (one > 12 ? ([year, two, one] as const) : ([year, one, two] as const))

/** The days a text names, as `2026-03-31`, in order; with `time` where an hour stands behind one. */
export function datesIn(text: string): (Found & { time: string | null })[] {
  const found = FORMS.flatMap(([form, read]) =>
    [...text.matchAll(form).take(MOST)].flatMap(match => {
      const value = written(read(match.slice(1)))
      if (value === null) return []
      const behind = text.slice(match.index + match[0].length, match.index + match[0].length + 16)
      const [, hour = '', minute = '', second = '00'] =
        /^[T,\s]{0,2}(?:at |um )?([01]\d|2[0-3]|\d):([0-5]\d)(?::([0-5]\d))?/.exec(behind) ?? []
      const time = hour === '' ? null : `${hour.padStart(2, '0')}:${minute}:${second}`
      return [{ at: match.index, text: match[0], value, time }]
    }),
  )
  const sorted = found.sort((one, other) => one.at - other.at)
  return sorted.filter((one, at) => one.at !== sorted[at - 1]?.at)
}

/** Is it a month, as the first word of a name may be? */
export const isDate = (text: string): boolean => month(/^\p{L}+/u.exec(text)?.[0]) > 0

function written([year, month, day]: readonly [number, number, number]): string | null {
  const date = new Date(Date.UTC(year, month - 1, day))
  const real = year >= 1000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return real ? date.toISOString().slice(0, 10) : null
}
