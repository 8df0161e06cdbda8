/** A file that an output names, with the link it can be fetched by. */
export type Linked = { name: string; type: string; size: number; url: string }

/** How an output is shown: as a text, a file, a list of names with values, a tree, or as being too large. */
export type Look =
  | { as: 'nothing' }
  | { as: 'text'; text: string }
  | { as: 'file'; file: Linked }
  | { as: 'pairs'; pairs: { name: string; look: Look }[] }
  | { as: 'list'; looks: Look[] }
  | { as: 'tree'; json: string }
  | { as: 'large'; bytes: number }

const MOST = 60

type Thing = Record<string, unknown>
const isThing = (value: unknown): value is Thing => typeof value === 'object' && value !== null && !Array.isArray(value)

/** How a value is shown; what is inside of something inside is shown as JSON. */
export function lookOf(value: unknown, depth = 0): Look {
  if (value === null || value === undefined || value === '') return { as: 'nothing' }
  if (typeof value !== 'object') return { as: 'text', text: String(value) }
  const file = fileIn(value)
  if (file) return { as: 'file', file }
  if (Array.isArray(value)) {
    const looks = depth < 2 && value.length <= MOST ? value.map(one => lookOf(one, depth + 1)) : []
    const plain = looks.every(({ as }) => as === 'text' || as === 'file')
    return looks.length > 0 && plain ? { as: 'list', looks } : treeOf(value)
  }
  const large = isThing(value) && isThing(value.$large) ? value.$large.bytes : undefined
  if (typeof large === 'number') return { as: 'large', bytes: large }
  const entries = Object.entries(value)
  if (depth > 0 || entries.length === 0 || entries.length > MOST) return treeOf(value)
  return { as: 'pairs', pairs: entries.map(([name, one]) => ({ name, look: lookOf(one, depth + 1) })) }
}

const treeOf = (value: unknown): Look => ({ as: 'tree', json: JSON.stringify(value, null, 2) })

/** Only what has a link of ours is a file. */
function fileIn(value: object): Linked | null {
  if (!isThing(value)) return null
  const { name, type, size, url } = value
  const is = typeof name === 'string' && typeof type === 'string' && typeof size === 'number'
  return is && typeof url === 'string' && /^\/api\/public\/files\/[\w.-]+$/.test(url) ? { name, type, size, url } : null
}

/** A name of a value as a person reads it: `orderId` and `order_id` are `Order id`. */
export function wordsOf(name: string): string {
  const spaced = name.replace(/([a-z\d])([A-Z])/g, (_all, before: string, after: string) => `${before} ${after.toLowerCase()}`)
  const text = spaced.replaceAll(/[_-]+/g, ' ').trim()
  return text === '' ? name : text.charAt(0).toUpperCase() + text.slice(1)
}
