import { hashOf, isStop, stem, wordsOf } from './words.ts'

const SIZE = 256
/** Words say more than their letters; the letters find kin of words: `invoice`, `invoicing`. */
const WEIGHTS = { word: 1, stop: 0.1, letters: 0.35 }

/** A place in a space of 256 dimensions, at distance 1 from its middle: texts that share words and parts of words are near. */
export function meaningOf(text: string): number[] {
  const place = new Array<number>(SIZE).fill(0)
  for (const [feature, weight] of weighed(text)) {
    const hash = hashOf(feature)
    const at = hash % SIZE
    place[at] = (place[at] ?? 0) + (hash & 0x10000 ? weight : -weight)
  }
  const length = Math.hypot(...place)
  // Nothing to go by: any direction is as good, as long as it is always the same.
  if (length < 1e-9) return place.map((_, at) => (at === 0 ? 1 : 0))
  return place.map(value => value / length)
}

/** What a text is made of; what comes often counts more, but not as often more. */
function weighed(text: string): Map<string, number> {
  const counts = new Map<string, { times: number; weight: number }>()
  const add = (feature: string, weight: number) => {
    const known = counts.get(feature)
    if (known) known.times += 1
    else counts.set(feature, { times: 1, weight })
  }
  for (const word of wordsOf(text)) {
    const empty = isStop(word)
    add(`word ${stem(word)}`, empty ? WEIGHTS.stop : WEIGHTS.word)
    if (empty) continue
    const framed = `^${word}$`
    for (let at = 0; at + 3 <= framed.length; at += 1) add(`part ${framed.slice(at, at + 3)}`, WEIGHTS.letters)
  }
  return new Map([...counts].map(([feature, { times, weight }]) => [feature, weight * (1 + Math.log(times))]))
}
