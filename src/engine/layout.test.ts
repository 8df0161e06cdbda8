import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { BOX, type Box, type Line, tidy } from './layout.ts'

const boxes = (text: string): Box[] =>
  text.split(' ').map(one => {
    const [id = '', parent] = one.split('@')
    return parent === undefined ? { id } : { id, parent }
  })
const lines = (text: string): Line[] =>
  text.split(' ').map(one => {
    const [source = '', target = ''] = one.split('>')
    return { source, target }
  })

describe('a drawing that is tidied', () => {
  test('goes from left to right, each box behind all that lead to it', () => {
    const { spots } = tidy(boxes('d a b c'), lines('a>b b>d a>d a>c'))
    const x = (id: string) => spots.get(id)?.x ?? Number.NaN
    assert.ok(x('a') < x('b') && x('b') < x('d'))
    assert.equal(x('b'), x('c'))
    assert.equal(x('a'), 0)
  })

  test('puts branches in an order in which their lines do not cross', () => {
    const { spots } = tidy(boxes('a b c x y'), lines('a>b a>c c>x b>y'))
    const y = (id: string) => spots.get(id)?.y ?? Number.NaN
    assert.equal(y('b') < y('c'), y('y') < y('x'))
  })

  test('makes a container as large as what it holds, and places that from its corner', () => {
    const { spots, sizes } = tidy(boxes('a each b@each c@each d'), lines('a>each each>d b>c'))
    const [b, c, each, d, size] = [spots.get('b'), spots.get('c'), spots.get('each'), spots.get('d'), sizes.get('each')]
    assert.ok(b && c && each && d && size)
    assert.ok(b.x > 0 && b.y > 0 && c.x >= b.x + BOX.width)
    assert.ok(c.x + BOX.width < size.width && c.y + BOX.height < size.height)
    assert.ok(d.x >= each.x + size.width)
  })

  test('leaves as much room for a box as it takes', () => {
    const tall = { id: 'b', size: { width: 300, height: 400 } }
    const { spots } = tidy([{ id: 'a' }, tall, { id: 'c' }, { id: 'd' }], lines('a>b a>c b>d'))
    const [b, c, d] = [spots.get('b'), spots.get('c'), spots.get('d')]
    assert.ok(b && c && d)
    assert.ok(Math.abs(c.y - b.y) >= (c.y > b.y ? 400 : BOX.height) && d.x >= b.x + 300)
  })

  const id = fc.integer({ min: 0, max: 12 }).map(String)
  const drawing = fc.record({
    ids: fc.uniqueArray(id, { minLength: 1 }),
    parents: fc.array(fc.option(fc.nat(12), { nil: undefined }), { minLength: 13, maxLength: 13 }),
    drawn: fc.array(fc.record({ source: id, target: id }), { maxLength: 30 }),
  })

  test('of any drawing lays no box over one beside it, and always in the same places', () => {
    fc.assert(
      fc.property(drawing, ({ ids, parents, drawn }) => {
        // A container stands before what it holds, so that nothing stands within itself.
        const all = ids.map((one, at) => ({ id: one, parent: at === 0 ? undefined : ids[(parents[at] ?? at) % at] }))
        const { spots, sizes } = tidy(all, drawn)
        assert.deepEqual(tidy(all, drawn).spots, spots)
        for (const one of all)
          for (const other of all.filter(it => it.parent === one.parent && it.id !== one.id)) {
            const [a, b] = [spots.get(one.id), spots.get(other.id)]
            const [size, next] = [sizes.get(one.id) ?? BOX, sizes.get(other.id) ?? BOX]
            assert.ok(a && b)
            const beside = a.x + size.width <= b.x || b.x + next.width <= a.x
            assert.ok(beside || a.y + size.height <= b.y || b.y + next.height <= a.y, `${one.id} lies on ${other.id}`)
          }
      }),
    )
  })

  test('places every box, also those that stand within themselves or in nothing', () => {
    fc.assert(
      fc.property(drawing, ({ ids, parents, drawn }) => {
        const all = ids.map((one, at) => ({ id: one, parent: parents[at]?.toString() }))
        assert.deepEqual([...tidy(all, drawn).spots.keys()].sort(), ids.toSorted())
      }),
    )
  })

  test('takes a thousand boxes in a row', () => {
    const ids = Array.from({ length: 1000 }, (_, at) => `n${at}`)
    const { spots } = tidy(
      ids.map(id => ({ id })),
      ids.slice(1).map((target, at) => ({ source: `n${at}`, target })),
    )
    assert.equal(spots.get('n999')?.x, 999 * (BOX.width + 80))
  })
})
