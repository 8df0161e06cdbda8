import { clip, matter, wordsOf } from './words.ts'

/** More of a text is not looked at. */
const LONGEST = 128_000

/** What stands before a point that ends no sentence. */
const SHORT =
  /(?:^|[\s(])(?:\p{L}|\p{L}\.\p{L}|dr|prof|mr|mrs|ms|no|nr|st|str|ca|bzw|inkl|vs|etc|tel|approx|inc|ltd|co|\d{1,2})\.$/iu

/** What belongs to a mail and not to its matter. */
const MANNERS =
  /^(?:(?:dear|hi|hello|hey|hallo|liebe[rs]?|sehr geehrte[rs]?|guten (?:tag|morgen|abend))\b[^.!?]{0,60}[,!.]?$|(?:with |mit )?(?:kind|best|warm|many|freundlich\w*|beste|viele|herzlich\w*|liebe) (?:regards|wishes|gr(?:ü|u|ue)(?:ß|ss)\w*|thanks)\b|regards\b|sincerely\b|yours\b|cheers\b|thanks?[,!.]?$|thank you[,!.]?$|vielen dank[,!.]?$|danke[,!.]?$|(?:from|to|cc|date|sent|subject|von|an|gesendet|betreff)\s*:)/i

/** Such as `Total: 20 EUR`: a fact, and no sentence. */
const ROW = /^[^.!?:]{1,40}:\s[^.!?]{0,60}$/

/** The lines of a text that say something, without the sign of a list before them. */
const linesOf = (text: string): string[] =>
  clip(text, LONGEST)
    .split(/\r?\n/)
    .map(line => line.trim().replace(/^(?:[-*•·]|\d{1,3}[.)])[ \t]+/, ''))
    .filter(line => line !== '')

/** The sentences of a text, in order; a line is never part of two. */
export const sentencesOf = (text: string): string[] => linesOf(text).flatMap(ofLine)

function ofLine(line: string): string[] {
  const parts: string[] = []
  let open = ''
  for (const word of line.split(/[ \t]+/)) {
    open = open === '' ? word : `${open} ${word}`
    if (/[.!?…]["'”“»)]?$/.test(word) && !SHORT.test(` ${word}`)) {
      parts.push(open)
      open = ''
    }
  }
  return open === '' ? parts : [...parts, open]
}

/** The sentences without greetings, headers and names under a mail. */
export function told(text: string): string[] {
  const all = sentencesOf(text)
  const end = all.findIndex((one, at) => at > 0 && /regards|sincerely|gr(?:ü|u|ue)(?:ß|ss)e/i.test(one) && MANNERS.test(one))
  const kept = (end < 0 ? all : all.slice(0, end)).filter(one => !MANNERS.test(one))
  return kept.length > 0 ? kept : all
}

/** The sentences that hold most of what a text speaks of again and again, in their order. */
export const telling = (text: string, most: number): string[] => inOrder(ranked(text).slice(0, most))

/** As many of those as have so many words together; the best alone is cut where it must be. */
export function brief(text: string, words: number): string {
  const [best, ...rest] = ranked(text)
  const lengthOf = ({ sentence }: Ranked) => sentence.split(/\s+/).length
  if (!best) return ''
  if (lengthOf(best) > words)
    return `${best.sentence
      .split(/\s+/)
      .slice(0, words)
      .join(' ')
      .replace(/[,;:.]$/, '')}…`
  let left = words - lengthOf(best)
  const kept = rest.filter(one => {
    const fits = lengthOf(one) <= left
    if (fits) left -= lengthOf(one)
    return fits
  })
  return inOrder([best, ...kept]).join(' ')
}

type Ranked = { sentence: string; at: number; score: number }

const inOrder = (list: readonly Ranked[]) => list.toSorted((one, other) => one.at - other.at).map(({ sentence }) => sentence)

function ranked(text: string): Ranked[] {
  const all = told(text)
  const times = new Map<string, number>()
  for (const word of all.flatMap(matter)) times.set(word, (times.get(word) ?? 0) + 1)
  const scored = all.map((sentence, at) => {
    const words = matter(sentence).filter(word => !/\d/.test(word))
    const sum = [...new Set(words)].reduce((total, word) => total + (times.get(word) ?? 0), 0)
    const weight = wordsOf(sentence).length < 4 || ROW.test(sentence) ? 0.2 : 1
    return { sentence, at, score: (weight * sum) / Math.sqrt(words.length + 3) + (at === 0 ? 0.5 : 0) }
  })
  return scored.sort((one, other) => other.score - one.score || one.at - other.at)
}

/** The sentences that share words with what is asked, best first; none where nothing is shared. */
export function about(question: string, text: string, most: number): string[] {
  const asked = new Set(matter(question))
  const rare = new Map<string, number>()
  const all = told(text).map((sentence, at) => ({ sentence, at, words: new Set(matter(sentence)) }))
  for (const { words } of all) for (const word of words) rare.set(word, (rare.get(word) ?? 0) + 1)
  return all
    .map(({ sentence, at, words }) => {
      const shared = [...words].filter(word => asked.has(word))
      return { sentence, at, score: shared.reduce((sum, word) => sum + 1 / (rare.get(word) ?? 1) ** 0.5, 0) }
    })
    .filter(({ score, sentence }) => score > 0 && plainly(sentence) !== plainly(question))
    .sort((one, other) => other.score - one.score || one.at - other.at)
    .slice(0, most)
    .map(({ sentence }) => sentence)
}

const plainly = (text: string) => wordsOf(text).join(' ')

/** What a text calls itself, or its first words that are more than manners. */
export function headline(text: string): string {
  const [line = ''] = told(text).filter(
    (one, at, all) => at === all.length - 1 || !/^(?:i am|i'm|my name is|ich bin|mein name ist)\b/i.test(one),
  )
  return line.replace(/^#+\s*/, '')
}

/** The words that a text uses most, as they are written there. */
export function keywords(text: string, most: number): string[] {
  const seen = new Map<string, { word: string; times: number }>()
  for (const word of told(text).flatMap(sentence => sentence.match(/\p{L}[\p{L}\p{N}-]+/gu) ?? [])) {
    const [key] = matter(word)
    if (key === undefined || word.length < 3) continue
    const known = seen.get(key)
    if (known) known.times += 1
    else seen.set(key, { word, times: 1 })
  }
  return [...seen.values()]
    .sort((one, other) => other.times - one.times)
    .slice(0, most)
    .map(({ word }) => word)
}
