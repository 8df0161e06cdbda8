import { KEY, RESERVED } from '#engine/check.ts'
import type { Drawing } from '../drawing.ts'

/** Letters that have no ASCII letter in them when their accent is taken away. */
const SPELLED: Record<string, string> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'Ae',
  œ: 'oe',
  Œ: 'Oe',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
}

/** The keys that a drawing uses. */
export const keysOf = (drawing: Pick<Drawing, 'nodes'>): Set<string> => new Set(drawing.nodes.map(node => node.key))

/** A key that is not taken, made from a title: “HTTP request” gives `httpRequest`, and a second one `httpRequest2`. */
export function makeKey(title: string, taken: ReadonlySet<string>): string {
  const plain = title
    .replace(/[^ -~]/g, letter => SPELLED[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
  const words = plain.match(/[A-Za-z0-9_]+/g) ?? []
  const joined = words
    .map((word, at) => (at === 0 ? lowered(word) : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
    .slice(0, 40)
  const key = /^[a-z_]/i.test(joined) ? joined : `step${joined}`
  // `fetch2` and a further one is `fetch3`, not `fetch22`.
  const stem = isFree(key, taken) ? key : key.replace(/\d+$/, '') || key
  for (let count = 1; ; count += 1) {
    const tried = count === 1 ? key : `${stem}${count}`
    if (isFree(tried, taken)) return tried
  }
}

const isFree = (key: string, taken: ReadonlySet<string>) => !taken.has(key) && !RESERVED.has(key)
/** Words in capitals become small, others only at their beginning. */
const lowered = (word: string) => (/^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1))

/** Why a node cannot have this key; null where it can. */
export function wrongKey(drawing: Drawing, id: string, key: string): 'empty' | 'bad' | 'reserved' | 'taken' | null {
  if (key === '') return 'empty'
  if (!KEY.test(key)) return 'bad'
  if (RESERVED.has(key)) return 'reserved'
  return drawing.nodes.some(node => node.id !== id && node.key === key) ? 'taken' : null
}
