import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadLibrary } from '#open.ts'
import { blocks } from '#workflows/catalogue/blocks.ts'
import { makeCatalogue } from '../canvas/catalogue.ts'
import type { Drawing, DrawnNode } from '../canvas/drawing.ts'
import { changed } from './change.ts'
import { reachOf } from './reach.ts'

const library = await loadLibrary()
const catalogue = makeCatalogue(library.blocks.map(block => blockOf(block.id)))

function blockOf(id: string) {
  const found = blocks({ library } as Parameters<typeof blocks>[0]).items.find(one => one.id === id)
  assert.ok(found, id)
  return found
}

const node = (key: string, block: string, more: Partial<DrawnNode> = {}): DrawnNode => ({
  id: key,
  key,
  block,
  version: 1,
  params: {},
  ...more,
})
const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, target })

const drawing: Drawing = {
  name: 'x',
  description: '',
  nodes: [
    node('start', 'manual.start'),
    node('fetch', 'http.request', { name: 'Orders' }),
    node('each', 'core.forEach'),
    node('inner', 'core.set', { parent: 'each' }),
    node('last', 'core.set', { parent: 'each', params: { fields: { a: '{{ inner.x }}' } } }),
    node('aside', 'core.set'),
  ],
  edges: [edge('start', 'fetch'), edge('fetch', 'each'), edge('inner', 'last'), edge('start', 'aside')],
  layout: { nodes: {}, notes: [], groups: [] },
  variables: { city: 'Bonn' },
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

const namesOf = (id: string) => reachOf(drawing, catalogue, id, { results: {} }).map(one => one.key)

test('what comes before a node can be named, also from inside of a loop, and what stands beside it cannot', () => {
  const always = ['trigger', 'vars', 'execution', 'workflow', 'now']
  assert.deepEqual(namesOf('fetch'), always)
  assert.deepEqual(namesOf('aside'), always)
  assert.deepEqual(namesOf('last'), ['inner', 'fetch', 'trigger', 'item', 'index', ...always.slice(1)])
  // The result of a loop reads what stands in it.
  assert.deepEqual(namesOf('each'), ['fetch', 'inner', 'last', ...always])
})

test('each source has its name, its schema and what was seen last', () => {
  const [fetch, , trigger] = reachOf(drawing, catalogue, 'inner', { input: { a: 1 }, results: { fetch: { status: 200 } } })
  assert.deepEqual([fetch?.title, fetch?.last, trigger?.key], ['Orders', { status: 200 }, 'item'])
  assert.ok(JSON.stringify(fetch?.schema).includes('status'))
})

test('what the inspector changes is changed, and a new key is followed by whatever names it', () => {
  const inner = drawing.nodes[3]
  assert.ok(inner)
  const { nodes } = changed(drawing, { ...inner, key: 'made', notes: 'why' }, catalogue)
  assert.deepEqual([nodes[3]?.key, nodes[3]?.notes, nodes[4]?.params], ['made', 'why', { fields: { a: '{{ made.x }}' } }])
  assert.equal(changed(drawing, inner, catalogue), drawing)
  const without = changed(changed(drawing, { ...inner, notes: 'why' }, catalogue), inner, catalogue)
  assert.equal(Object.hasOwn(without.nodes[3] ?? {}, 'notes'), false)
})
