import { type Block, makeCatalogue } from './catalogue.ts'
import type { Drawing, DrawnNode, MakeId } from './drawing.ts'

type Said = Partial<Block> & Pick<Block, 'id' | 'title'>

/** A block of which only what matters is said. */
export const makeBlock = (said: Said): Block => ({
  version: 1,
  connector: 'try',
  about: '',
  group: 'flow',
  icon: 'play',
  start: null,
  loop: null,
  effect: 'pure',
  outlets: ['main'],
  outletsBy: null,
  input: { type: 'object', properties: {} },
  output: {},
  verbatim: [],
  later: [],
  perTurn: [],
  credentials: [],
  credentialNeeded: false,
  example: { input: {}, output: null },
  ...said,
})

/** Blocks with everything that shapes a drawing. */
export const BLOCKS = {
  start: makeBlock({ id: 'try.start', title: 'Start', group: 'start', start: 'manual' }),
  step: makeBlock({
    id: 'try.step',
    title: 'HTTP request',
    input: { type: 'object', properties: { method: { type: 'string', default: 'GET' }, url: { type: 'string' } } },
  }),
  if: makeBlock({ id: 'try.if', title: 'If', outlets: ['yes', 'no'] }),
  switch: makeBlock({
    id: 'try.switch',
    title: 'Switch',
    outlets: null,
    outletsBy: { each: 'cases', first: [], last: ['default'] },
  }),
  each: makeBlock({ id: 'try.each', title: 'For each', loop: 'list' }),
  stop: makeBlock({ id: 'try.stop', title: 'Stop', outlets: [] }),
  code: makeBlock({ id: 'try.code', title: 'Code', verbatim: ['code'] }),
}

/** The catalogue of these blocks. */
export const catalogue = makeCatalogue(Object.values(BLOCKS))

/** Ids in a row. */
export function counter(prefix = 'n'): MakeId {
  let count = 0
  return () => `${prefix}${++count}`
}

type Short = Partial<DrawnNode> & { at?: { x: number; y: number } }

/**
 * A drawing in one line: `start:a step:b@each each:each a>b a.yes>c`, each node as block, key and container; the key is the id too.
 * What else there is to say about a node stands behind it.
 */
export function draw(text: string, more: Record<string, Short> = {}): Drawing {
  const words = text.split(' ').filter(Boolean)
  const boxes = words.filter(word => word.includes(':'))
  const nodes = boxes.map((word): DrawnNode => {
    const [kind = '', rest = ''] = word.split(':')
    const [key = '', parent] = rest.split('@')
    const { at: _place, ...said } = more[key] ?? {}
    const block = Object.entries(BLOCKS).find(([name]) => name === kind)?.[1]
    return { id: key, key, block: block?.id ?? kind, version: 1, params: {}, ...(parent ? { parent } : {}), ...said }
  })
  const edges = words
    .filter(word => word.includes('>'))
    .map((word, at) => {
      const [from = '', target = ''] = word.split('>')
      const [source = '', sourceHandle] = from.split('.')
      return { id: `e${at + 1}`, source, target, ...(sourceHandle ? { sourceHandle } : {}) }
    })
  const spots = nodes.map(({ id }, at) => [id, more[id]?.at ?? { x: at * 320, y: 0 }] as const)
  return {
    name: 'Try',
    description: '',
    nodes,
    edges,
    layout: { nodes: Object.fromEntries(spots), notes: [], groups: [] },
    variables: {},
    settings: {
      autoSave: true,
      timezone: 'UTC',
      timeout: 1000,
      concurrency: 1,
      overlap: 'allow',
      priority: 'normal',
      retention: { days: 1, runs: 1 },
    },
  }
}

/** The edges of a drawing as `draw` takes them, in order. */
export const lines = ({ edges }: Drawing): string =>
  edges
    .map(({ source, target, sourceHandle }) => `${source}${sourceHandle ? `.${sourceHandle}` : ''}>${target}`)
    .sort()
    .join(' ')
