import { notesOf } from './actions/notes.ts'
import type { Catalogue } from './catalogue.ts'
import type { Drawing } from './drawing.ts'
import { calledBy } from './names.ts'

/** Something in the drawing that has the words one looks for: where, and the piece of text around them. */
export type Hit = { id: string; name: string; piece: string; field: string | null }

/** More hits do not help anybody. */
const MOST = 100

/** Looks through names, keys, blocks, parameters and notes; all words must be there. What has them in its name comes first. */
export function findIn(drawing: Drawing, catalogue: Catalogue, query: string): Hit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const has = (text: string) => words.every(word => text.toLowerCase().includes(word))
  const named: Hit[] = []
  const others: Hit[] = []
  for (const node of drawing.nodes) {
    const block = catalogue.of(node)
    const name = calledBy(node, block)
    const field = textsOf(node.params).find(([, text]) => has(text))
    if (has(`${name} ${node.key}`)) named.push({ id: node.id, name, piece: block?.title ?? node.block, field: null })
    else if (field) others.push({ id: node.id, name, piece: pieceOf(field[1], words), field: field[0] })
    else if (has(`${name} ${node.key} ${node.block} ${block?.title ?? ''} ${node.notes ?? ''}`))
      others.push({
        id: node.id,
        name,
        piece: node.notes && has(node.notes) ? pieceOf(node.notes, words) : (block?.title ?? node.block),
        field: null,
      })
  }
  for (const note of notesOf(drawing))
    if (has(note.text)) others.push({ id: note.id, name: '', piece: pieceOf(note.text, words), field: null })
  return [...named, ...others].slice(0, MOST)
}

/** Every text among the parameters, with its path. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'number') return [[path, String(value)]]
  if (Array.isArray(value)) return value.flatMap((one, at) => textsOf(one, `${path}[${at}]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => textsOf(one, path ? `${path}.${name}` : name))
}

function pieceOf(text: string, [word = '']: readonly string[]): string {
  const line = text.replace(/\s+/g, ' ')
  const from = Math.max(0, line.toLowerCase().indexOf(word) - 24)
  return `${from > 0 ? '…' : ''}${line.slice(from, from + 90)}${line.length > from + 90 ? '…' : ''}`
}
