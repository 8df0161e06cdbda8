import type { z } from 'zod'
import { tidy } from '#engine/layout.ts'
import type { GivenDocument } from '#workflows/contract.ts'
import type { TONGUES } from './contract.ts'

/** A language of templates. */
export type Tongue = (typeof TONGUES)[number]

/** Chooses the words of a language. */
export type Say = (english: string, german: string) => string

type Node = NonNullable<z.input<typeof GivenDocument>['nodes']>[number]

/** A node as templates write it: the key is the id, too. */
type Box = Omit<Node, 'id'>

/** What a template is, in one language. */
export type Template = {
  id: string
  name: string
  about: string
  icon: string
  nodes: Box[]
  /** `from > to`, or `from:outlet > to`. */
  edges: string[]
  example: unknown
}

/** A template as it is answered: with a document whose boxes stand tidily. */
export function show({ id, name, about, icon, nodes, edges, example }: Template) {
  const boxes = nodes.map(node => ({ ...node, id: node.key }))
  const lines = edges.map((text, at) => {
    const [from = '', target = ''] = text.split(' > ')
    const [source = '', sourceHandle] = from.split(':')
    return { id: `e${at + 1}`, source, target, ...(sourceHandle ? { sourceHandle } : {}) }
  })
  const { spots, sizes } = tidy(boxes, lines)
  const layout = boxes.map(box => [box.id, { x: 0, y: 0, ...spots.get(box.id), ...sizes.get(box.id) }] as const)
  const document = { name, description: about, nodes: boxes, edges: lines, layout: { nodes: Object.fromEntries(layout) } }
  return { id, name, about, icon, document, example }
}
