import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BOX } from '#engine/layout.ts'
import { loadLibrary } from '#open.ts'
import { group } from './actions/group.ts'
import { move } from './actions/move.ts'
import { addNote } from './actions/notes.ts'
import { makeCatalogue, missing } from './catalogue.ts'
import { COMMANDS } from './commands.ts'
import { findIn } from './find.ts'
import { makeFlow } from './flow.ts'
import { frameAt, freeSpot, outletsIn, sizesIn } from './geometry.ts'
import { ICONS } from './icons.ts'
import { calledBy } from './names.ts'
import { outlineOf } from './outline.ts'
import { latest } from './recent.ts'
import { isRemark, searchBlocks } from './search.ts'
import { commandFor, keysOf, shownKeys } from './shortcuts.ts'
import { summaryOf } from './summary.ts'
import { BLOCKS, catalogue, draw, makeBlock } from './testing.ts'
import { costText, tookText } from './took.ts'

const keys = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

describe('boxes and lines', () => {
  const drawing = draw('start:a if:b each:each step:in@each a>b b.yes>each', { in: { at: { x: 32, y: 72 } } })
  const shown = { drawing, catalogue, selected: new Set<string>(), states: undefined, problems: [], label: () => '' }

  test('of what has not changed stay the same objects', () => {
    const flow = makeFlow()
    const first = flow.nodes(shown)
    const next = flow.nodes({ ...shown, drawing: move(drawing, [['b', { x: 9, y: 9 }]]), states: new Map() })
    assert.deepEqual(
      next.map((node, at) => node === first[at]),
      [true, false, true, true],
    )
    const lines = flow.edges(shown)
    assert.ok(
      flow.edges({ ...shown, selected: new Set(['e1']) }).every((line, at) => (line === lines[at]) === (line.id !== 'e1')),
    )
  })

  test('stand with their containers before them, with a place for each outlet, and only one of them in the way of Tab', () => {
    const nodes = makeFlow().nodes({ ...shown, drawing: { ...drawing, nodes: drawing.nodes.toReversed() } })
    const ids = nodes.map(node => node.id)
    assert.ok(ids.indexOf('each') < ids.indexOf('in'))
    const find = (id: string) => nodes.find(node => node.id === id)
    assert.deepEqual(
      find('b')?.handles?.map(one => one.id),
      ['in', 'yes', 'no'],
    )
    assert.deepEqual(
      find('a')?.handles?.map(one => one.id),
      ['main'],
    )
    assert.equal(nodes.filter(node => node.domAttributes?.tabIndex === 0).length, 1)
    assert.deepEqual([find('each')?.type, find('in')?.parentId], ['frame', 'each'])
  })

  test('show notes and groups below them, and only edges that have two ends', () => {
    const more = group(addNote(drawing, 'note', { x: 5, y: 5 }), new Set(['a', 'b']), { id: 'g', title: 'G' })
    const nodes = makeFlow().nodes({ ...shown, drawing: more })
    assert.deepEqual(
      nodes.slice(0, 2).map(node => node.type),
      ['group', 'note'],
    )
    const broken = { ...more, edges: [...more.edges, { id: 'x', source: 'a', target: 'gone' }] }
    assert.equal(makeFlow().edges({ ...shown, drawing: broken }).length, 2)
  })

  test('a frame grows with what it holds, and keeps the size it was given', () => {
    const sizes = sizesIn(drawing, catalogue)
    assert.deepEqual(sizes.get('each'), { width: 32 + BOX.width + 32, height: 72 + BOX.height + 32 })
    const wide = {
      ...drawing,
      layout: { ...drawing.layout, nodes: { ...drawing.layout.nodes, each: { x: 0, y: 0, width: 900, height: 10 } } },
    }
    assert.deepEqual(sizesIn(wide, catalogue).get('each'), { width: 900, height: 72 + BOX.height + 32 })
    assert.ok((sizes.get('b')?.height ?? 0) > BOX.height)
  })

  test('an edge from an outlet that is gone keeps the outlet in sight', () => {
    assert.deepEqual(outletsIn(draw('if:a step:b a.maybe>b'), catalogue).get('a'), ['yes', 'no', 'maybe'])
    assert.deepEqual(outletsIn(draw('gone:a step:b a.odd>b'), catalogue).get('a'), ['odd'])
    assert.deepEqual(outletsIn(draw('gone:a'), catalogue).get('a'), ['main'])
  })

  test('a point lies in the innermost frame, and a new box where nothing stands', () => {
    const nested = draw('each:out each:in@out', { out: { at: { x: 0, y: 0 } }, in: { at: { x: 20, y: 60 } } })
    const sizes = sizesIn(nested, catalogue)
    assert.equal(frameAt(nested, { x: 60, y: 120 }, sizes, catalogue, new Set()), 'in')
    assert.equal(frameAt(nested, { x: 60, y: 120 }, sizes, catalogue, new Set(['in'])), 'out')
    assert.equal(frameAt(nested, { x: -9, y: 0 }, sizes, catalogue, new Set()), undefined)
    const free = freeSpot(drawing, { x: 0, y: 0 }, undefined, sizesIn(drawing, catalogue))
    assert.ok(free.y >= BOX.height)
  })
})

describe('words on a card', () => {
  const input = {
    type: 'object',
    required: ['url'],
    properties: {
      method: { type: 'string', enum: ['GET', 'POST'], default: 'GET', title: 'Method' },
      url: { type: 'string', title: 'Address' },
      body: { title: 'Body', when: { field: 'method', is: ['POST'] } },
      times: { type: 'number', title: 'Times', default: 3 },
      deep: { advanced: true },
      key: { ui: 'secret' },
    },
  }
  const says = (params: Record<string, unknown>) => summaryOf({ params }, { input })

  test('say what it will do, or what it still needs', () => {
    assert.deepEqual(says({}), { needs: ['Address'] })
    assert.deepEqual(says({ url: '  ' }), { needs: ['Address'] })
    assert.deepEqual(says({ method: 'GET', url: 'https://x/{{ a.b }}', times: 3, deep: 'x', key: 'x', body: 'unseen' }), {
      says: 'GET https://x/{{ a.b }}',
    })
    assert.deepEqual(says({ method: 'POST', url: 'u', body: { a: 1, b: [2] }, times: 5 }), {
      says: 'POST u · a: 1, b · Times: 5',
    })
    assert.equal(summaryOf({ params: {} }, { input: { type: 'object' } }), null)
    assert.deepEqual(summaryOf({ params: { to: 'me' } }, null), { says: 'me' })
  })

  test('say conditions and lists as people do, and end where the card does', () => {
    const any = { input: { type: 'object', properties: { all: {}, list: {} } } }
    assert.deepEqual(summaryOf({ params: { all: [{ left: '{{ a }}', op: 'equals', right: 5 }] } }, any), {
      says: '{{ a }} equals 5',
    })
    assert.deepEqual(summaryOf({ params: { list: [{ name: 'a' }, { name: 'b' }, 'c', 'd'] } }, any), { says: 'a, b, c … 4' })
    const long = summaryOf({ params: { list: 'x'.repeat(500) } }, any)
    assert.ok(long && 'says' in long && long.says.length <= 120)
  })

  test('call a node by its name, else by its block while the key comes from there, else by its key', () => {
    const name = (key: string, own?: string) =>
      calledBy({ key, block: 'x', ...(own === undefined ? {} : { name: own }) }, { title: 'HTTP request' })
    assert.deepEqual(
      [name('httpRequest'), name('httpRequest2'), name('fetch'), name('fetch', 'Ask'), name('httpRequester')],
      ['HTTP request', 'HTTP request 2', 'fetch', 'Ask', 'httpRequester'],
    )
    assert.equal(calledBy({ key: 'old', block: 'gone' }, null), 'old')
  })

  test('tell what it took and cost', () => {
    assert.deepEqual(
      [12.4, 1400, 185_000, 7_260_000].map(ms => tookText(ms, 'en')),
      ['12 ms', '1.4 s', '3 min 5 s', '2 h 1 min'],
    )
    assert.deepEqual([costText(0.00123, 'en'), costText(12.345, 'en')], ['$0.0012', '$12.35'])
  })
})

describe('the outline', () => {
  const lines = (drawing: ReturnType<typeof draw>) =>
    outlineOf(drawing).map(
      ({ id, depth, by, again }) => `${'-'.repeat(depth)}${by && by !== 'main' ? `${by}:` : ''}${id}${again ? '…' : ''}`,
    )

  test('follows edges, branches under the names of their outlets, and shows what stands inside', () => {
    assert.deepEqual(lines(draw('start:a if:b step:c step:d each:e step:f@e step:g@e step:h a>b b.yes>c b.no>d c>e f>g e>h')), [
      'a',
      'b',
      '-yes:c',
      '-e',
      '--f',
      '--g',
      '-h',
      '-no:d',
    ])
  })

  test('shows every node once, and where ways meet again only points to it', () => {
    assert.deepEqual(lines(draw('start:a if:b step:c step:d a>b b.yes>c b.no>d c>d')), ['a', 'b', '-yes:c', '-d', '-no:d…'])
    const round = draw('step:a step:b a>b b>a')
    assert.deepEqual(new Set(outlineOf(round).map(line => line.id)), new Set(['a', 'b']))
    const long = Array.from({ length: 1000 }, (_, at) => `step:n${at} ${at > 0 ? `n${at - 1}>n${at}` : ''}`).join(' ')
    assert.equal(outlineOf(draw(long)).length, 1000)
    assert.equal(new Set(outlineOf(draw('if:b step:c step:d b.yes>c b.no>d c>d')).map(line => line.key)).size, 4)
  })
})

describe('finding', () => {
  test('in the workflow looks through names, parameters and notes', () => {
    const drawing = addNote(
      draw('step:fetch step:post', { post: { name: 'Tell Slack', params: { deep: [{ text: 'Hello Ada' }] } } }),
      'n',
      { x: 0, y: 0 },
    )
    const noted = {
      ...drawing,
      layout: { ...drawing.layout, notes: drawing.layout.notes.map(note => ({ ...Object(note), text: 'ask ada' })) },
    }
    const hits = (query: string) => findIn(noted, catalogue, query).map(hit => [hit.id, hit.field])
    assert.deepEqual(hits('ada'), [
      ['post', 'deep[0].text'],
      ['n', null],
    ])
    assert.deepEqual(hits('slack tell'), [['post', null]])
    assert.deepEqual([hits(' '), hits('nobody')], [[], []])
  })

  test('a block takes words of both languages, with or without umlauts, the best first', async () => {
    const { blocks } = await loadLibrary()
    const known = blocks.map(({ id, title, about, group: place, outlets }) =>
      makeBlock({ id, title, about, group: place, outlets: outlets && !('each' in outlets) ? [...outlets] : ['main'] }),
    )
    const first = (query: string) => searchBlocks(known, query)[0]?.id
    for (const [query, id] of [
      ['http', 'http.request'],
      ['schleife', 'core.forEach'],
      ['Bedingung', 'core.if'],
      ['wenn', 'core.if'],
      ['loop', 'core.forEach'],
      ['verzögern', 'core.wait'],
      ['verzoegern', 'core.wait'],
      ['zeitplan', 'schedule.cron'],
      ['web', 'webhook.receive'],
      ['set fields', 'core.set'],
    ] as const)
      assert.ok(
        searchBlocks(known, query)
          .slice(0, 3)
          .some(one => one.id === id),
        `${query} finds ${first(query)}`,
      )
    assert.equal(searchBlocks(known, '').length, known.length)
    assert.equal(searchBlocks(known, 'xyzzy').length, 0)
  })

  test('every icon that a block names is there, and notes are told from ends', async () => {
    const { blocks } = await loadLibrary()
    assert.deepEqual(
      blocks.filter(block => !(block.icon in ICONS)).map(block => `${block.id}: ${block.icon}`),
      [],
    )
    assert.equal(isRemark(makeBlock({ id: 'a', title: 'A', outlets: [], output: { type: 'null' } })), true)
    assert.equal(isRemark(BLOCKS.stop), false)
  })

  test('what was used last stands first, once', () => {
    assert.deepEqual(latest(['a', 'b', 'c', 'd', 'e'], 'c'), ['c', 'a', 'b', 'd', 'e'])
    assert.deepEqual(latest(['a', 'b', 'c', 'd', 'e'], 'x'), ['x', 'a', 'b', 'c', 'd'])
  })
})

describe('the catalogue', () => {
  test('knows versions, and says which ones are missing', () => {
    const two = makeCatalogue([makeBlock({ id: 'a', title: 'New', version: 2 })])
    assert.equal(two.of({ block: 'a', version: 1 })?.title, 'New')
    assert.deepEqual(
      missing(two, [
        { block: 'a', version: 1 },
        { block: 'a', version: 2 },
        { block: 'gone', version: 1 },
      ]),
      [{ block: 'a', version: 1 }],
    )
    const both = makeCatalogue([makeBlock({ id: 'a', title: 'Old', version: 1 }), ...two.blocks])
    assert.deepEqual([both.of({ block: 'a', version: 1 })?.title, both.blocks.length], ['Old', 1])
  })
})

describe('keys', () => {
  test('mean one command each', () => {
    const all = COMMANDS.flatMap(one => one.keys)
    assert.equal(new Set(all).size, all.length)
    assert.equal(new Set(COMMANDS.map(one => one.id)).size, COMMANDS.length)
  })

  test('are read as they are pressed, on any keyboard', () => {
    assert.equal(commandFor({ ...keys, key: 'Z', ctrlKey: true, shiftKey: true })?.id, 'redo')
    assert.equal(commandFor({ ...keys, key: 'z', metaKey: true })?.id, 'undo')
    assert.equal(commandFor({ ...keys, key: '?', shiftKey: true })?.id, 'help')
    assert.equal(commandFor({ ...keys, key: 'Delete', shiftKey: true })?.id, 'deleteClose')
    assert.equal(commandFor({ ...keys, key: 'A', shiftKey: true }), null)
    assert.equal(keysOf({ ...keys, key: 'ArrowLeft', altKey: true }), 'alt+arrowleft')
    assert.deepEqual(
      [shownKeys('mod+shift+z', false), shownKeys('mod+z', true), shownKeys('+', false)],
      [['Ctrl', 'Shift', 'Z'], ['⌘', 'Z'], ['+']],
    )
  })
})
