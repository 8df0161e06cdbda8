import { isKin, signsOf, statements } from './kin.ts'
import { stem, wordsOf, wordsOfName } from './words.ts'

const REST = [
  'other',
  'none',
  'unknown',
  'sonstig',
  'sonstiges',
  'andere',
  'anderes',
  'kein',
  'keine',
  'unbekannt',
  'general',
  'misc',
  'allgemein',
  'nothing',
  'na',
]
const MIDDLE = ['neutral', 'medium', 'normal', 'mittel', 'mixed', 'moderate', 'average', 'standard']
const OPPOSITES: Record<string, string> = { positive: 'negative', positiv: 'negativ', good: 'bad', happy: 'unhappy' }

/** What speaks for a label in a text. */
type Choice = { at: number; score: number; signs: string[] }

/** The label whose words, or words of its topic, a text says most; else what stands for “none of them”, else the first. */
export function choose(labels: readonly string[], text: string): Choice {
  const scored = scores(labels, text)
  const best = scored.reduce((one, other) => (other.score > one.score ? other : one), scored[0] ?? { at: 0, score: 0, signs: [] })
  return best.score > 0 ? best : { at: fallback(labels), score: 0, signs: [] }
}

/** Every label that something speaks for, in their order. */
export const allThatFit = (labels: readonly string[], text: string): Choice[] =>
  scores(labels, text).filter(({ score }) => score > 0)

/** How much a text says of a topic, from 0 to 1; null where it says nothing of it. */
export function shareOf(topic: string, text: string): number | null {
  const [found] = allThatFit([topic], text)
  return found ? Math.min(95, 40 + 20 * found.score) / 100 : null
}

function scores(labels: readonly string[], text: string): Choice[] {
  const said = statements(text)
  const counts = labels.map((label, at) => {
    const own = new Set(wordsOfName(label))
    const signs = signsOf(label)
    const yes = said.filter(({ word, denied }) => !denied && signs.has(word))
    const no = said.filter(({ word, denied }) => denied && signs.has(word)).length
    const score = yes.reduce((sum, { word }) => sum + (own.has(word) ? 2 : 1), 0)
    return { at, label, score, no, signs: [...new Set(yes.map(({ word }) => word))] }
  })
  // What is not good is bad, also in words.
  return counts.map(({ at, label, score, signs }) => {
    const opposite = Object.entries(OPPOSITES).find(([, name]) => name === wordsOf(label)[0])?.[0]
    const denied = counts.find(one => opposite !== undefined && wordsOf(one.label)[0] === opposite)?.no ?? 0
    return { at, score: score + 2 * denied, signs }
  })
}

function fallback(labels: readonly string[]): number {
  const named = (names: readonly string[]) => labels.findLastIndex(label => wordsOf(label).some(word => names.includes(word)))
  const rest = named(REST)
  return rest >= 0 ? rest : Math.max(0, named(MIDDLE))
}

const AUXILIARY = new Set(
  'is has have had are was were can could should would will does do did need wants want contain mention include require ist hat soll braucht enthalt be a the to customer user'
    .split(' ')
    .map(stem),
)

/** Does a text say what a name asks, such as `isUrgent` or `needsRefund`? Null where it speaks of it in no way. */
export function says(name: string, text: string): boolean | null {
  const all = wordsOfName(name)
  const words = all.filter(word => !AUXILIARY.has(word))
  const wanted = words.length > 0 ? words : all
  const said = statements(text)
  const found = wanted.map(word => said.filter(one => isKin(one.word, word)))
  if (found.length === 0 || found.filter(list => list.length > 0).length * 2 < found.length) return null
  return found.every(list => list.length === 0 || list.some(({ denied }) => !denied))
}

/** How well a text speaks of its matter, from -1 to 1. */
export function mood(text: string): number {
  const [good, bad] = scores(['positive', 'negative'], text)
  const sum = (good?.score ?? 0) + (bad?.score ?? 0)
  return sum === 0 ? 0 : ((good?.score ?? 0) - (bad?.score ?? 0)) / sum
}
