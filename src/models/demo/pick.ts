import type { Found } from './dates.ts'
import { type Facts, read } from './find.ts'
import { isKin } from './kin.ts'
import type { Kind } from './kinds.ts'
import { keywords, sentencesOf, telling } from './sentences.ts'
import { clip, isStop, plain, stem, wordsOf, wordsOfName } from './words.ts'

/** Everything of a kind that a text holds, what stands nearest to the words of the name first. */
export function textsOf(kind: Kind, name: string, facts: Facts): string[] {
  const near = <Value>(list: readonly Found<Value>[]) => nearest(list, name, facts.text)
  const [person] = facts.people
  switch (kind) {
    case 'email':
      return near(facts.emails).map(one => one.value)
    case 'phone':
      return near(facts.phones).map(one => one.value)
    case 'link':
      return near(facts.links).map(one => one.value)
    case 'date':
      return near(facts.dates).map(one => one.value)
    case 'money':
      return near(facts.money).map(one => one.text)
    case 'currency':
      return [...new Set(facts.money.map(one => one.value.currency))]
    case 'count':
      return numbersOf(kind, name, facts).map(String)
    case 'id':
      return near(facts.ids).map(one => one.value)
    case 'person':
      return name === 'name' && !person && isRow(facts) ? [facts.subject] : facts.people.map(one => one.value)
    case 'first':
      return person ? person.value.split(' ').slice(0, 1) : []
    case 'last':
      return person?.value.includes(' ') ? person.value.split(' ').slice(-1) : []
    case 'company':
      return facts.companies.map(one => one.value)
    case 'place':
      return placesIn(facts.text)
    case 'query':
      return queriesIn(facts.text)
    case 'expression':
      return (facts.text.match(/[\d(][\d\s+*/().,^×÷-]{1,200}[\d)]/g) ?? [])
        .filter(one => /\d\s*[+*/^×÷-]/.test(one))
        .map(one => one.trim())
    case 'role':
      return rolesIn(facts.text)
    case 'years':
      return yearsIn(name, facts.text)
    case 'subject':
      return facts.subject === '' ? [] : [facts.subject]
    case 'summary':
      return [isRow(facts) ? facts.subject : telling(facts.text, 2).join(' ')].filter(one => one !== '')
    case 'points':
      return telling(facts.text, 4)
    case 'reason':
      return telling(facts.text, 1).map(one => `The text says: “${one}”`)
    case 'language':
      return facts.text.trim() === '' ? [] : [facts.language]
    case 'question':
      return sentencesOf(facts.text).filter(one => one.endsWith('?'))
    case 'tags':
      return tagsOf(facts)
    default:
      return []
  }
}

/** One line: its subject is all that it speaks of. */
export const isRow = ({ text }: Facts) => !text.trim().includes('\n') && text.length < 200

function tagsOf({ text, people, companies }: Facts): string[] {
  const names = wordsOf([...people, ...companies].map(one => one.value).join(' '))
  return keywords(text, 30)
    .filter(word => !wordsOf(word).every(part => names.includes(part)))
    .slice(0, 5)
}

/** The numbers of a kind, what stands nearest to the words of the name first; of sums without a name the largest. */
export function numbersOf(kind: Kind | null, name: string, facts: Facts): number[] {
  if (kind === 'years') return yearsIn(name, facts.text).map(Number).filter(Number.isFinite)
  const sums = facts.money.map(one => ({ ...one, value: one.value.amount }))
  const list =
    kind === 'money' && sums.length > 0
      ? sums
      : kind === 'id'
        ? facts.ids.map(one => ({ ...one, value: Number(one.value) }))
        : facts.numbers
  const ranked = nearest(list, name, facts.text).filter(one => Number.isFinite(one.value))
  const named = ranked.filter(one => closeness(one, name, facts.text) > 0)
  if (named.length > 0 || kind === 'id') return (named.length > 0 ? named : ranked).map(one => one.value)
  if (kind === 'money') return ranked.map(one => one.value).sort((one, other) => other - one)
  return kind === 'count' && ranked.length === 1 ? ranked.map(one => one.value) : []
}

/** The value of the line whose label says what a name says: `Order number: 4711` for `orderNumber`. */
export function labelledAs(name: string, facts: Facts): string | null {
  const wanted = toldBy(name)
  const scored = facts.labelled.map(({ words, value }) => {
    const met = wanted.filter(word => words.some(one => isKin(one, word))).length
    const idle = words.filter(one => !wanted.some(word => isKin(one, word))).length
    return { value, score: met < wanted.length || met === 0 ? 0 : met / (met + idle) }
  })
  const best = scored.reduce((one, other) => (other.score > one.score ? other : one), { value: '', score: 0.5 })
  return best.value === '' ? null : best.value
}

/** A value behind a label, as its kind wants it. */
export function refined(kind: Kind | null, name: string, value: string): string[] {
  const precise = ['email', 'phone', 'link', 'date', 'currency', 'id'].includes(kind ?? '')
  const inside = kind && (precise || kind === 'money') ? textsOf(kind, name, read(value)) : []
  return kind === 'person'
    ? [value.replace(/\s*[<(].*$/, '').replaceAll('"', '')]
    : [...inside, ...(precise && kind !== 'id' ? [] : [value])]
}

/** The words of a name that say something. */
const toldBy = (name: string) => wordsOfName(name).filter(word => !isStop(word))

const nearest = <Value>(list: readonly Found<Value>[], name: string, text: string): Found<Value>[] =>
  list
    .map(one => ({ one, score: closeness(one, name, text) }))
    .sort((first, second) => second.score - first.score || first.one.at - second.one.at)
    .map(({ one }) => one)

/** How many words of a name stand before a value in its line. */
function closeness({ at }: Found<unknown>, name: string, text: string): number {
  const before = text.slice(Math.max(0, at - 80), at)
  const line = wordsOf(before.slice(before.lastIndexOf('\n') + 1)).map(stem)
  return toldBy(name).filter(word => line.some(one => isKin(one, word))).length
}

function yearsIn(name: string, text: string): string[] {
  const years = text.match(/\b(?:19|20)\d{2}\b/g) ?? []
  const isLast = /end|until|bis|\bto\b/i.test(name)
  const open = /(?:\d{4}|since|seit)\s{0,5}(?:[-–—]|to|bis)?\s{0,5}(?:today|present|now|heute)/i.test(plain(text))
  if (isLast) return open || years.length < 2 ? [] : years.slice(1)
  return years
}

/** `2019 – 2022: Developer at Acme` holds a developer. */
function rolesIn(text: string): string[] {
  const line = clip(text.split('\n').find(one => one.trim() !== '') ?? '', 500)
  const bare = line
    .replace(/[\d./]{4,10}|[–—-]\s{0,5}(?:today|present|now|heute)|(?:since|seit)\s/gi, ' ')
    .replace(/^[\s:,|–—-]+/, '')
  const [role = ''] = bare.split(/\s(?:at|bei|for|@)\s|[,|(–—]|\s-\s/)
  return /\p{L}/u.test(role) && role.length < 80 ? [role.trim()] : []
}

/** `weather in Berlin`, `10115 Berlin`. */
const placesIn = (text: string): string[] =>
  [
    ...text
      .matchAll(/\b(?:in|near|to|from|for|nach|aus|für|\d{5}) (\p{Lu}[\p{L}'-]{1,40}(?: \p{Lu}[\p{L}'-]{1,40}){0,2})/gu)
      .take(50),
  ].map(found => found[1] ?? '')

/** `search the web for electric cars` asks for electric cars. */
function queriesIn(text: string): string[] {
  const line = clip(text.split('\n').find(one => one.trim() !== '') ?? '', 500)
  const found = /\b(?:for|about|nach|über)\s+(\S[^\n]{0,300})$/i.exec(line)?.[1] ?? line
  return [found.trim().replace(/[.?!]+$/, '')].filter(one => one !== '')
}
