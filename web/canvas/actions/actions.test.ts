import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Drawing, nodeOf, placeOf, spotOf } from '../drawing.ts'
import { BLOCKS, catalogue, counter, draw, lines } from '../testing.ts'
import { add } from './add.ts'
import { align } from './align.ts'
import { arrange, placedAtAll } from './arrange.ts'
import { connect, reconnect, refuses } from './connect.ts'
import { defaultsOf } from './defaults.ts'
import { disable, edit } from './edit.ts'
import { changeGroup, group, ungroup } from './group.ts'
import { insert } from './insert.ts'
import { makeKey, wrongKey } from './keys.ts'
import { enter, mayEnter, move, nudge } from './move.ts'
import { addNote, changeNote, groupsOf, notesOf } from './notes.ts'
import { canClose, remove } from './remove.ts'
import { rename } from './rename.ts'
import { step } from './step.ts'

const set = (...ids: string[]) => new Set(ids)
const parents = (drawing: Drawing) => Object.fromEntries(drawing.nodes.map(node => [node.id, node.parent ?? '']))

describe('a key', () => {
  test('is made from a title, free, and no word that means something else', () => {
    const made = (title: string, ...taken: string[]) => makeKey(title, new Set(taken))
    assert.equal(made('HTTP request'), 'httpRequest')
    assert.equal(made('HTTP request', 'httpRequest'), 'httpRequest2')
    assert.equal(made('fetch2', 'fetch2'), 'fetch3')
    assert.equal(made('fetch2', 'fetch2', 'fetch3', 'fetch'), 'fetch4')
    assert.equal(made('Größe für Ärger'), 'grosseFurArger')
    assert.equal(made('2 things'), 'step2Things')
    assert.equal(made('搜索 🔎'), 'step')
    assert.equal(made('Item'), 'item2')
    assert.equal(made('__proto__'), '__proto__2')
    assert.ok(made('x'.repeat(300)).length <= 40)
  })

  test('is refused with the reason', () => {
    const drawing = draw('start:a step:b')
    const why = (key: string) => wrongKey(drawing, 'b', key)
    assert.deepEqual(['', '1a', 'a b', 'item', 'a', 'b', 'c'].map(why), ['empty', 'bad', 'bad', 'reserved', 'taken', null, null])
  })
})

describe('adding', () => {
  test('gives a node its place, a key of its own and the defaults of its block', () => {
    const drawing = add(draw('step:httpRequest'), BLOCKS.step, { id: 'n', at: { x: 1.6, y: -2.2 } })
    assert.deepEqual(nodeOf(drawing, 'n'), {
      id: 'n',
      key: 'httpRequest2',
      block: 'try.step',
      version: 1,
      params: { method: 'GET' },
    })
    assert.deepEqual(spotOf(drawing, 'n'), { x: 2, y: -2 })
  })

  test('keeps triggers out of containers', () => {
    const drawing = draw('each:each')
    assert.equal(nodeOf(add(drawing, BLOCKS.start, { id: 'n', at: { x: 0, y: 0 }, parent: 'each' }), 'n')?.parent, undefined)
    assert.equal(nodeOf(add(drawing, BLOCKS.step, { id: 'n', at: { x: 0, y: 0 }, parent: 'each' }), 'n')?.parent, 'each')
  })

  test('takes defaults that are objects as copies', () => {
    const fallback = { list: [1] }
    const input = {
      type: 'object',
      required: ['kind'],
      properties: { a: { default: fallback }, kind: { const: 'x' }, maybe: { const: 'y' }, none: {} },
    }
    const made = defaultsOf({ input })
    assert.deepEqual(made, { a: fallback, kind: 'x' })
    assert.notEqual(made.a, fallback)
  })
})

describe('connecting', () => {
  const drawing = draw('start:a if:b step:c step:d@each each:each switch:s a>b b.yes>c', {
    s: { params: { cases: [{ name: 'one' }] } },
  })
  const why = (line: string) => {
    const [from = '', target = ''] = line.split('>')
    const [source = '', sourceHandle] = from.split('.')
    return refuses(drawing, { source, target, sourceHandle }, catalogue)
  }

  test('says why two nodes cannot be connected', () => {
    assert.deepEqual(
      [
        'x>a',
        'c>c',
        'c>a',
        'c>d',
        'each>d',
        'b>c',
        'b.maybe>c',
        'b.yes>c',
        'c>b',
        'b.no>c',
        's.one>c',
        's.two>c',
        'c.error>s',
      ].map(why),
      ['gone', 'itself', 'trigger', 'crosses', 'crosses', 'outlet', 'outlet', 'twice', 'circle', null, null, 'outlet', null],
    )
    assert.equal(connect(drawing, { id: 'n', source: 'c', target: 'b' }, catalogue), drawing)
  })

  test('by “error” makes the node go that way, and “main” is not written down', () => {
    const routed = connect(drawing, { id: 'n', source: 'c', target: 's', sourceHandle: 'error' }, catalogue)
    assert.equal(nodeOf(routed, 'c')?.onError, 'route')
    assert.deepEqual(connect(drawing, { id: 'n', source: 'c', target: 's', sourceHandle: 'main' }, catalogue).edges.at(-1), {
      id: 'n',
      source: 'c',
      target: 's',
    })
  })

  test('leads an edge elsewhere, unless that is refused', () => {
    const next = reconnect(drawing, 'e2', { source: 'b', target: 's', sourceHandle: 'no' }, catalogue)
    assert.equal(lines(next), 'a>b b.no>s')
    assert.equal(reconnect(drawing, 'e2', { source: 'b', target: 'a' }, catalogue), drawing)
  })

  test('knows the outlets of a node whose block is gone only from its edges, and lets it be connected', () => {
    const old = draw('start:a gone:b step:c a>b')
    assert.equal(refuses(old, { source: 'b', target: 'c', sourceHandle: 'whatever' }, catalogue), null)
  })
})

describe('inserting on an edge', () => {
  const ids = { node: 'n', edge: 'm' }

  test('takes the first outlet on, and moves what follows out of the way', () => {
    const drawing = draw('start:a step:b step:c step:other a>b b>c', { b: { at: { x: 320, y: 40 } } })
    const next = insert(drawing, 'e1', BLOCKS.if, ids, catalogue)
    assert.equal(lines(next), 'a>n b>c n.yes>b')
    assert.deepEqual(
      ['a', 'n', 'b', 'c', 'other'].map(id => spotOf(next, id)),
      [
        { x: 0, y: 0 },
        { x: 320, y: 40 },
        { x: 640, y: 40 },
        { x: 960, y: 0 },
        { x: 960, y: 0 },
      ],
    )
  })

  test('keeps the outlet the edge began at, and the container it lies in', () => {
    const drawing = draw('each:each if:a@each step:b@each a.no>b')
    const next = insert(drawing, 'e1', BLOCKS.step, ids, catalogue)
    assert.equal(lines(next), 'a.no>n n>b')
    assert.equal(nodeOf(next, 'n')?.parent, 'each')
  })

  test('of something without a way out ends the row, and a trigger cannot be put there', () => {
    const drawing = draw('start:a step:b a>b')
    assert.equal(lines(insert(drawing, 'e1', BLOCKS.stop, ids, catalogue)), 'a>n')
    assert.equal(insert(drawing, 'e1', BLOCKS.start, ids, catalogue), drawing)
    assert.equal(insert(drawing, 'none', BLOCKS.step, ids, catalogue), drawing)
  })
})

describe('moving', () => {
  const nested = draw('each:out each:in@out step:a@in step:b step:c b>c', {
    out: { at: { x: 100, y: 100 } },
    in: { at: { x: 40, y: 80 } },
    a: { at: { x: 10, y: 20 } },
    b: { at: { x: 700, y: 300 } },
  })

  test('to where it stands is no change, and places are whole numbers', () => {
    assert.equal(move(nested, [['b', { x: 700.2, y: 299.9 }]]), nested)
    assert.deepEqual(spotOf(move(nested, [['b', { x: 1.5, y: 2 }]]), 'b'), { x: 2, y: 2 })
  })

  test('by keys takes what stands in a container along only once', () => {
    const next = nudge(nested, set('in', 'a', 'b'), { x: 8, y: 0 })
    assert.deepEqual([spotOf(next, 'in').x, spotOf(next, 'a').x, spotOf(next, 'b').x], [48, 10, 708])
  })

  test('into a container and out of it keeps the place on the canvas', () => {
    const inside = enter(nested, set('b'), 'in', catalogue, counter())
    assert.equal(nodeOf(inside, 'b')?.parent, 'in')
    assert.deepEqual(
      [placeOf(inside, 'b'), spotOf(inside, 'b')],
      [
        { x: 700, y: 300 },
        { x: 560, y: 120 },
      ],
    )
    const outside = enter(inside, set('b', 'a'), undefined, catalogue, counter())
    assert.deepEqual(parents(outside), { out: '', in: 'out', a: '', b: '', c: '' })
    assert.deepEqual(
      [placeOf(outside, 'b'), spotOf(outside, 'a')],
      [
        { x: 700, y: 300 },
        { x: 150, y: 200 },
      ],
    )
    assert.ok(!('parent' in (nodeOf(outside, 'b') ?? {})))
  })

  test('into a container closes the row it leaves and takes no edge through the frame', () => {
    const drawing = draw('start:a step:b step:c each:each a>b b>c')
    const next = enter(drawing, set('b'), 'each', catalogue, counter('x'))
    assert.equal(lines(next), 'a>c')
    const both = enter(drawing, set('b', 'c'), 'each', catalogue, counter('x'))
    assert.equal(lines(both), 'b>c')
  })

  test('refuses triggers, itself, what it stands in, and what is no container', () => {
    const drawing = draw('start:t each:out each:in@out step:a')
    const may = (id: string, parent?: string) => mayEnter(drawing, id, parent, catalogue)
    assert.deepEqual(
      [may('t', 'out'), may('out', 'out'), may('out', 'in'), may('a', 't'), may('none', 'out'), may('a', 'in'), may('in')],
      [false, false, false, false, false, true, true],
    )
    assert.equal(enter(drawing, set('t', 'out'), 'in', catalogue, counter()), drawing)
  })
})

describe('deleting', () => {
  const cut = (drawing: Drawing, ids: string[], close = true) => remove(drawing, new Set(ids), { close, edgeId: counter('x') })

  test('takes edges, places and what stands inside along', () => {
    const next = cut(draw('start:a each:b step:c@b step:d a>b b>d'), ['b'], false)
    assert.deepEqual([next.nodes.map(node => node.id), lines(next), Object.keys(next.layout.nodes)], [['a', 'd'], '', ['a', 'd']])
  })

  test('closes a row on request, from the outlet it came from', () => {
    assert.equal(lines(cut(draw('if:a step:b step:c a.no>b b>c'), ['b'])), 'a.no>c')
    assert.equal(lines(cut(draw('start:a step:b step:c step:d a>b b>c c>d'), ['b', 'c'])), 'a>d')
    assert.equal(lines(cut(draw('start:a start:b step:c step:d a>c b>c c>d'), ['c'])), 'a>d b>d')
  })

  test('does not guess where a branch is taken away, nor draw an edge twice', () => {
    const branch = draw('start:a if:b step:c step:d a>b b.yes>c b.no>d')
    assert.equal(canClose(branch, set('b')), false)
    assert.equal(lines(cut(branch, ['b'])), '')
    assert.equal(lines(cut(draw('start:a step:b step:c a>b b>c a>c'), ['b'])), 'a>c')
    assert.equal(lines(cut(draw('start:a step:b step:c a>b b.error>c'), ['b'])), '')
    assert.equal(canClose(draw('start:a step:b step:c a>b b>c'), set('b')), true)
  })

  test('takes away edges, notes and groups alone too, and a group that is empty', () => {
    let drawing = draw('start:a step:b a>b')
    drawing = group(addNote(drawing, 'note', { x: 0, y: 0 }), set('a'), { id: 'g', title: 'G' })
    assert.deepEqual([notesOf(cut(drawing, ['note'])).length, groupsOf(cut(drawing, ['g'])).length], [0, 0])
    assert.deepEqual([lines(cut(drawing, ['e1'])), groupsOf(cut(drawing, ['a'])).length], ['', 0])
    assert.equal(cut(drawing, ['nothing']), drawing)
  })
})

describe('the rest', () => {
  test('a name is shown, and taken away by an empty one', () => {
    const named = rename(draw('step:a'), 'a', '  Fetch ')
    assert.equal(nodeOf(named, 'a')?.name, 'Fetch')
    assert.ok(!('name' in (nodeOf(rename(named, 'a', ' '), 'a') ?? {})))
    assert.equal(rename(named, 'a', 'Fetch'), named)
  })

  test('nodes are turned off together, and on again when all are off', () => {
    const off = disable(draw('step:a step:b', { a: { disabled: true } }), set('a', 'b'))
    assert.deepEqual(
      off.nodes.map(node => node.disabled),
      [true, true],
    )
    assert.ok(!('disabled' in (disable(off, set('a', 'b')).nodes[0] ?? {})))
  })

  test('an edge stays with its outlet while that is renamed', () => {
    const params = (...names: string[]) => ({ cases: names.map(name => ({ name })) })
    const drawing = draw('switch:s step:a step:b s.one>a s.default>b', { s: { params: params('one') } })
    assert.equal(lines(edit(drawing, 's', { params: params('two') }, catalogue)), 's.default>b s.two>a')
    assert.equal(lines(edit(drawing, 's', { params: params('one', 'two') }, catalogue)), 's.default>b s.one>a')
    assert.equal(edit(drawing, 's', {}, catalogue), drawing)
    assert.ok(
      !(
        'notes' in (nodeOf(edit(edit(drawing, 's', { notes: 'x' }, catalogue), 's', { notes: undefined }, catalogue), 's') ?? {})
      ),
    )
  })

  test('nodes come into line and are spread evenly', () => {
    const drawing = draw('step:a step:b step:c', {
      a: { at: { x: 0, y: 0 } },
      b: { at: { x: 50, y: 90 } },
      c: { at: { x: 600, y: 30 } },
    })
    const xs = (how: Parameters<typeof align>[2]) =>
      drawing.nodes.map(({ id }) => spotOf(align(drawing, set('a', 'b', 'c'), how), id))
    assert.deepEqual(
      xs('left').map(at => at.x),
      [0, 0, 0],
    )
    assert.deepEqual(
      xs('right').map(at => at.x),
      [600, 600, 600],
    )
    assert.deepEqual(
      xs('center').map(at => at.x),
      [300, 300, 300],
    )
    assert.deepEqual(
      xs('middle').map(at => at.y),
      [45, 45, 45],
    )
    assert.deepEqual(
      xs('across').map(at => at.x),
      [0, 300, 600],
    )
    assert.deepEqual(
      xs('down').map(at => at.y),
      [0, 90, 45],
    )
    assert.equal(align(drawing, set('a'), 'left'), drawing)
  })

  test('a tidied drawing is tidy: once more changes nothing', () => {
    const messy = draw('start:a each:b step:c@b step:d@b step:e a>b b>e c>d', { e: { at: { x: -40, y: 3 } } })
    const tidied = arrange(messy, () => undefined)
    assert.ok(spotOf(tidied, 'a').x < spotOf(tidied, 'b').x && spotOf(tidied, 'b').x < spotOf(tidied, 'e').x)
    assert.equal(
      arrange(tidied, () => undefined),
      tidied,
    )
  })

  test('what a program has written is given places, and what a person has placed stays', () => {
    const placed = draw('start:a step:b a>b', { a: { at: { x: 7, y: 7 } } })
    assert.equal(placedAtAll(placed), placed)
    const written = placedAtAll({ ...placed, layout: { ...placed.layout, nodes: {} } })
    assert.ok(spotOf(written, 'a').x < spotOf(written, 'b').x)
  })

  test('notes and groups are changed, and what is none of them stays unseen', () => {
    const odd = draw('step:a step:b@each each:each')
    odd.layout.notes.push({ strange: 1 })
    const drawing = addNote(odd, 'n', { x: 1.2, y: 2 })
    assert.deepEqual(
      notesOf(drawing).map(note => [note.id, note.x]),
      [['n', 1]],
    )
    assert.equal(notesOf(changeNote(drawing, 'n', { text: 'Hello', color: 'pink' }))[0]?.text, 'Hello')
    assert.equal(changeNote(drawing, 'n', { x: 1 }), drawing)
    const grouped = group(drawing, set('a', 'b', 'each'), { id: 'g', title: 'G' })
    assert.deepEqual(groupsOf(grouped)[0]?.nodes, ['a', 'each'])
    assert.equal(groupsOf(changeGroup(grouped, 'g', { title: 'H' }))[0]?.title, 'H')
    assert.equal(groupsOf(ungroup(grouped, set('a'))).length, 0)
  })

  test('arrow keys go along edges, beside, and into and out of containers', () => {
    const drawing = draw('start:a if:b step:c step:d each:each step:in@each a>b b.yes>c b.no>d d>each', {
      a: { at: { x: 0, y: 100 } },
      b: { at: { x: 300, y: 100 } },
      c: { at: { x: 600, y: 0 } },
      d: { at: { x: 600, y: 150 } },
      each: { at: { x: 900, y: 150 } },
    })
    const walk = (from: string, ...ways: Parameters<typeof step>[2][]) =>
      ways.reduce<string | null>((at, way) => at && step(drawing, at, way), from)
    assert.equal(walk('a', 'right', 'right'), 'd')
    assert.equal(walk('d', 'up'), 'c')
    assert.equal(walk('c', 'down'), 'd')
    assert.equal(walk('d', 'right', 'right', 'left', 'left'), 'd')
    assert.deepEqual([walk('a', 'left'), walk('c', 'right')], [null, null])
  })
})
