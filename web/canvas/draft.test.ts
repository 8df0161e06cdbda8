import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { add } from './actions/add.ts'
import { connect } from './actions/connect.ts'
import { move } from './actions/move.ts'
import { duplicate } from './actions/paste.ts'
import { remove } from './actions/remove.ts'
import { rekey } from './actions/rename.ts'
import { change, choose, type DraftStore, makeDraft, redo, STEPS, takeOver, undo } from './draft.ts'
import type { Drawing } from './drawing.ts'
import { BLOCKS, catalogue, counter, draw } from './testing.ts'

const named = (name: string) => (drawing: Drawing) => ({ ...drawing, name })

describe('a draft', () => {
  test('goes back to what was drawn and selected, and forth again', () => {
    const store = makeDraft(draw('start:a'))
    choose(store, ['a'])
    change(store, 'add', drawing => add(drawing, BLOCKS.step, { id: 'b', at: { x: 0, y: 0 } }), { select: ['b'] })
    undo(store)
    assert.deepEqual([store.getState().drawing.nodes.length, [...store.getState().selected]], [1, ['a']])
    redo(store)
    assert.deepEqual([store.getState().drawing.nodes.length, [...store.getState().selected]], [2, ['b']])
    redo(store)
    assert.equal(store.getState().drawing.nodes.length, 2)
  })

  test('joins typing in one field into one step, until there is a pause or something else happens', () => {
    const store = makeDraft(draw('start:a'))
    const type = (name: string, now: number) => change(store, 'name', named(name), { run: 'name', now })
    type('T', 0)
    type('Tr', 900)
    type('Try', 1800)
    assert.equal(store.getState().past.length, 1)
    type('Try!', 3000)
    assert.equal(store.getState().past.length, 2)
    change(store, 'move', drawing => move(drawing, [['a', { x: 9, y: 9 }]]))
    type('Try!!', 3100)
    assert.equal(store.getState().past.length, 4)
    for (let count = 0; count < 4; count += 1) undo(store)
    assert.equal(store.getState().drawing.name, 'Try')
  })

  test('keeps no step of what changes nothing, and nothing to redo after a change', () => {
    const store = makeDraft(draw('start:a'))
    change(store, 'name', drawing => drawing)
    assert.equal(store.getState().past.length, 0)
    change(store, 'name', named('B'))
    undo(store)
    change(store, 'name', named('C'))
    assert.equal(store.getState().future.length, 0)
  })

  test('forgets what lies further back than it keeps', () => {
    const store = makeDraft(draw('start:a'))
    for (let count = 0; count < STEPS + 50; count += 1) change(store, 'name', named(String(count)))
    for (let count = 0; count < STEPS + 50; count += 1) undo(store)
    assert.equal(store.getState().drawing.name, '49')
  })

  test('takes only its own changes back after somebody else has changed something', () => {
    const store = makeDraft(draw('start:a'))
    change(store, 'name', named('Mine'))
    takeOver(store, drawing => ({ ...drawing, description: 'Theirs' }))
    undo(store)
    const { name, description } = store.getState().drawing
    assert.deepEqual([name, description], ['Try', 'Theirs'])
    redo(store)
    assert.deepEqual([store.getState().drawing.name, store.getState().drawing.description], ['Mine', 'Theirs'])
  })

  test('selects nothing that is gone', () => {
    const store = makeDraft(draw('start:a step:b a>b'))
    choose(store, ['a', 'b', 'e1'])
    change(store, 'delete', drawing => remove(drawing, new Set(['b']), { close: false, edgeId: counter() }))
    assert.deepEqual([...store.getState().selected], ['a'])
  })
})

const Act = fc.record({
  act: fc.constantFrom('add', 'remove', 'duplicate', 'move', 'connect', 'rekey', 'undo', 'redo'),
  block: fc.constantFrom(...Object.values(BLOCKS)),
  at: fc.nat(20),
  to: fc.nat(20),
  key: fc.stringMatching(/^[a-z]{1,2}$/),
})
type Act = typeof Act extends fc.Arbitrary<infer T> ? T : never

function play(store: DraftStore, { act, block, at, to, key }: Act, id: () => string): void {
  const { nodes } = store.getState().drawing
  const [one = '', two = ''] = [at, to].map(count => nodes[count % Math.max(1, nodes.length)]?.id)
  if (act === 'undo') undo(store)
  else if (act === 'redo') redo(store)
  else
    change(store, act, drawing => {
      if (act === 'add') return add(drawing, block, { id: id(), at: { x: 1, y: 1 } })
      if (act === 'connect') return connect(drawing, { id: id(), source: one, target: two }, catalogue)
      if (act === 'rekey') return rekey(drawing, one, key, catalogue)
      if (act === 'remove') return remove(drawing, new Set([one]), { close: true, edgeId: id })
      if (act === 'duplicate') return duplicate(drawing, new Set([one]), id, catalogue).drawing
      return move(drawing, [[one, { x: at, y: to }]])
    })
}

test('whatever was done can be undone to the first and redone to the last, and keys and edges stay sound', () => {
  fc.assert(
    fc.property(fc.array(Act, { maxLength: 40 }), acts => {
      const first = draw('start:a if:b a>b')
      const store = makeDraft(first)
      const id = counter('x')
      for (const one of acts) {
        play(store, one, id)
        const { nodes, edges } = store.getState().drawing
        const ids = new Set(nodes.map(node => node.id))
        assert.equal(new Set(nodes.map(node => node.key)).size, nodes.length)
        assert.ok(edges.every(edge => ids.has(edge.source) && ids.has(edge.target)))
      }
      const last = store.getState().drawing
      while (store.getState().future.length > 0) redo(store)
      const end = store.getState().drawing
      const steps = store.getState().past.length
      while (store.getState().past.length > 0) undo(store)
      assert.deepEqual(store.getState().drawing, first)
      for (let count = 0; count < steps; count += 1) redo(store)
      assert.deepEqual(store.getState().drawing, end)
      if (acts.every(one => one.act !== 'undo')) assert.deepEqual(end, last)
    }),
    { numRuns: 400 },
  )
})
