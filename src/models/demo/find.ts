import { datesIn, type Found, MOST } from './dates.ts'
import { type Money, moneyIn, numbersIn } from './money.ts'
import { companiesIn, peopleIn } from './people.ts'
import { headline, told } from './sentences.ts'
import { clip, languageOf, stem, wordsOf } from './words.ts'

/** More of a text is not looked at. */
const LONGEST = 128_000

/** A line such as `Order number: 4711`. */
type Labelled = { label: string; words: readonly string[]; value: string; at: number }

/** What stands in a text, as far as simple means find it. */
export type Facts = {
  text: string
  emails: Found[]
  links: Found[]
  phones: Found[]
  dates: (Found & { time: string | null })[]
  money: Found<Money>[]
  numbers: Found<number>[]
  ids: Found[]
  people: Found[]
  companies: Found[]
  labelled: Labelled[]
  subject: string
  /** Its subject and its sentences, without manners. */
  said: string
  language: 'en' | 'de'
}

const EMAIL = /[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,63})@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,200})\.[A-Za-z]{2,24}/g
const LINK = /\bhttps?:\/\/[^\s<>"'`]{1,2000}/gi
const PHONE = /(?<![\p{L}\d.,#-])(?:\+\d|\(\d|0\d|\d{3}[-.]\d{3,4}(?!\d))(?:[ ()/.-]{0,2}\d){3,16}(?![\d\p{L}])/gu
const NUMBERED =
  /(?:#|\b(?:no|nr|number|num|\p{L}{0,30}nummer|\p{L}{0,30}nr|id|ref|reference)\b[.:]{0,2}[ \t]{0,9}#?|\b(?:invoice|order|ticket|case|customer|rechnung|bestellung|auftrag|kunde)[ \t]{1,9})[ \t]{0,9}([\p{L}\d][\p{L}\d/_-]{0,40})/giu
const CODED = /\b(?:[A-Z]{2,6}-?\d[\dA-Z-]{2,20})\b/g
const LABEL = /^[ \t]{0,9}(?:[-*•][ \t]{1,9})?(\p{L}[\p{L}\d ./()&%'-]{0,40}?)[ \t]{0,9}(?::|=|\t)[ \t]{0,9}(\S[^\n]*)$/gmu

const found = (form: RegExp, text: string, nth = 0): Found[] =>
  [...text.matchAll(form).take(MOST)].flatMap(match => {
    const value = (match[nth] ?? '').replace(/[.,;:!?)\]]+$/, nth === 0 && form === LINK ? '' : '$&')
    return value === '' ? [] : [{ at: match.index + match[0].indexOf(value), text: value, value }]
  })

/** Reads a text once. */
export function read(whole: string): Facts {
  const text = clip(whole, LONGEST)
  const labelled = [...text.matchAll(LABEL).take(MOST)].flatMap(({ 1: label = '', 2: value = '', index }) =>
    /^\/\//.test(value) ? [] : [{ label, words: wordsOf(label).map(stem), value: value.trim(), at: index }],
  )
  const dates = datesIn(text)
  const ids = [...found(NUMBERED, text, 1).filter(one => /\d/.test(one.value)), ...found(CODED, text)].sort(
    (one, other) => one.at - other.at,
  )
  const phones = found(PHONE, text).filter(
    one =>
      one.value.replace(/\D/g, '').length >= 7 &&
      ![...dates, ...ids].some(it => it.at <= one.at && one.at < it.at + it.text.length),
  )
  const subject = subjectOf(text, labelled)
  return {
    text,
    emails: found(EMAIL, text),
    links: found(LINK, text).filter(({ value }) => URL.canParse(value)),
    phones,
    dates,
    money: moneyIn(text),
    numbers: numbersIn(text),
    ids: ids.filter((one, at) => ids.findIndex(it => it.value === one.value) === at),
    people: peopleIn(text),
    companies: companiesIn(text),
    labelled,
    subject,
    said: [...new Set([subject, ...told(text)])].join('\n'),
    language: languageOf(text),
  }
}

/** Reads a line of a list: what it speaks of is what stands beside its sums. */
export function readRow(line: string): Facts {
  const facts = read(line)
  const bare = facts.money.reduce((text, { text: sum }) => text.replace(sum, ' '), line)
  const subject = bare.replace(/\s+/g, ' ').replace(/[\s:=–—-]+$/, '')
  return { ...facts, subject: subject === '' ? line : subject }
}

function subjectOf(text: string, labelled: readonly Labelled[]): string {
  const named = labelled.find(
    ({ words }) => words.length === 1 && ['subject', 'betreff', 'title', 'titel'].map(stem).includes(words[0] ?? ''),
  )
  return named?.value ?? headline(text)
}
