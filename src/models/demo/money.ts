import { type Found, MOST } from './dates.ts'

const SIGNS: Record<string, string> = {
  '€': 'EUR',
  euro: 'EUR',
  euros: 'EUR',
  $: 'USD',
  us$: 'USD',
  dollar: 'USD',
  dollars: 'USD',
  '£': 'GBP',
  fr: 'CHF',
}
const NUMBER = String.raw`[-−]?\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|[-−]?\d+(?:[.,]\d+)?`
const CURRENCY = 'US\\$|[€$£]|\\b(?:EUR|USD|GBP|CHF|euros?|dollars?)\\b'
const BEFORE = new RegExp(`(${CURRENCY})\\s?(${NUMBER})`, 'gi')
const BEHIND = new RegExp(`(?<![\\d.,])(${NUMBER})\\s?(${CURRENCY})`, 'gi')
const PLAIN = new RegExp(`(?<![\\p{L}\\d.,#/-])(?:${NUMBER})(?![\\p{L}\\d/]|[.,:-]\\d)`, 'gu')

/** A sum: how much, of what. */
export type Money = { amount: number; currency: string }

/** `1.234,50`, `1,234.50` and `1 234.5` as numbers: the last mark that one or two digits follow parts the decimals. */
function numberIn(text: string): number | null {
  const bare = text.replace(/[' ]/g, '').replace('−', '-')
  const [, whole = '', decimals] = /^(-?\d[\d.,]*?)(?:[.,](\d+))?$/.exec(bare) ?? []
  if (whole === '') return null
  const marks = bare.match(/[.,]/g) ?? []
  const grouped =
    decimals?.length === 3 && (marks.length > 1 ? marks[0] === marks.at(-1) : !/^-?0/.test(bare) && bare.includes(','))
  const value = Number(grouped ? bare.replace(/[.,]/g, '') : `${whole.replace(/[.,]/g, '')}.${decimals ?? '0'}`)
  return Number.isFinite(value) ? value : null
}

/** The sums a text names, in order. */
export function moneyIn(text: string): Found<Money>[] {
  const read = (at: number, whole: string, number = '', sign = '') => {
    const amount = numberIn(number)
    const currency = SIGNS[sign.toLowerCase()] ?? sign.toUpperCase()
    return amount === null ? [] : [{ at, text: whole, value: { amount, currency } }]
  }
  const behind = [...text.matchAll(BEHIND).take(MOST)].flatMap(it => read(it.index, it[0], it[1], it[2]))
  const before = [...text.matchAll(BEFORE).take(MOST)].flatMap(it => read(it.index, it[0], it[2], it[1]))
  // In `EUR 20` and `20 EUR` one number is not two sums.
  const taken = (one: Found<Money>) => behind.some(it => it.at < one.at + one.text.length && one.at < it.at + it.text.length)
  return [...behind, ...before.filter(one => !taken(one))].sort((one, other) => one.at - other.at)
}

/** The plain numbers of a text, in order. */
export const numbersIn = (text: string): Found<number>[] =>
  [...text.matchAll(PLAIN).take(MOST)].flatMap(it => {
    const value = numberIn(it[0])
    return value === null ? [] : [{ at: it.index, text: it[0], value }]
  })
