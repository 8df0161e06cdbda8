import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { prepare } from '#template/fill.ts'
import { type Drawing, nodeOf, placeOf } from '../drawing.ts'
import { BLOCKS, catalogue, counter, draw, lines } from '../testing.ts'
import { clipText, copy, readClip } from './clip.ts'
import { addNote, notesOf } from './notes.ts'
import { duplicate, paste } from './paste.ts'
import { followed } from './references.ts'
import { rekey } from './rename.ts'

const set = (...ids: string[]) => new Set(ids)
const newest = (block: string) => catalogue.of({ block, version: 1 })?.version ?? 1

describe('the key of a node', () => {
  const keys = new Map([['fetch', 'load']])
  const to = (text: string) => followed(text, keys)

  test('is followed wherever a template reads it, and nowhere else', () => {
    for (const [before, after] of [
      ['{{ fetch.body }} of fetch', '{{ load.body }} of fetch'],
      ['{{fetch}}{{ a.fetch }}{{ a["fetch"] }}', '{{load}}{{ a.fetch }}{{ a["fetch"] }}'],
      ['{{ a[fetch.n] | append: fetch.x }}', '{{ a[load.n] | append: load.x }}'],
      ["{{ 'fetch' | fetch: fetch }}", "{{ 'fetch' | fetch: load }}"],
      ['{% if fetch.ok and x %}{% endif %}', '{% if load.ok and x %}{% endif %}'],
      ['{%- for x in fetch.list limit:fetch.n -%}{{x}}{% endfor %}', '{%- for x in load.list limit:load.n -%}{{x}}{% endfor %}'],
      ['{% for i in (1..fetch.n) %}{% endfor %}', '{% for i in (1..load.n) %}{% endfor %}'],
      ['{{-fetch-}}', '{{-load-}}'],
      ['{{ fetcher.x }}{{ my_fetch }}', '{{ fetcher.x }}{{ my_fetch }}'],
      ['{% raw %}{{ fetch }}{% endraw %}{{ fetch }}', '{% raw %}{{ fetch }}{% endraw %}{{ load }}'],
      ['{{ fetch', '{{ fetch'],
    ])
      assert.equal(to(before ?? ''), after)
    assert.equal(followed('{% for x in in.list %}{% endfor %}', new Map([['in', 'out']])), '{% for x in out.list %}{% endfor %}')
  })

  test('is followed in lists and objects, and what names it nowhere stays the same object', () => {
    const params = { a: ['{{ fetch.x }}', 1], b: { c: '{{ other }}' } }
    assert.deepEqual(followed(params, keys), { a: ['{{ load.x }}', 1], b: { c: '{{ other }}' } })
    assert.equal(followed(params, new Map([['nobody', 'x']])), params)
  })

  test('of any template that parses, changes what is read and nothing else', () => {
    const name = fc.constantFrom('fetch', 'other', 'a.fetch', 'fetch.a', 'fetch[0].b', 'x[fetch.n]', '"fetch"', "'{fetch'")
    const piece = fc.oneof(
      name.map(it => `{{ ${it} }}`),
      fc.tuple(name, name).map(([it, other]) => `{{- ${it} | default: ${other} -}}`),
      fc
        .tuple(name, name)
        .map(([it, other]) => `{% if ${it} == ${other} or fetch contains "fetch" %}fetch{% else %}{{fetch}}{% endif %}`),
      fc.constantFrom('fetch ', '{% for i in fetch.list %}{{ i.fetch }}{% endfor %}', '{% assign v = fetch %}{{ v }}'),
    )
    const renamed = ([first, ...rest]: readonly (string | number)[]) => [first === 'fetch' ? 'load' : first, ...rest]
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), pieces => {
        const text = pieces.join('')
        const before = prepare(text).references.map(it => renamed(it.path))
        assert.deepEqual(
          prepare(to(text)).references.map(it => it.path),
          before,
        )
      }),
      { numRuns: 500 },
    )
  })

  test('changes in all other nodes, but not where templates mean nothing', () => {
    const drawing = draw('step:fetch step:b code:c', {
      b: { params: { url: '{{ fetch.url }}' } },
      c: { params: { code: '{{ fetch }}', input: '{{ fetch }}' } },
    })
    const coded = { ...drawing, nodes: drawing.nodes.map(node => (node.key === 'c' ? { ...node, block: BLOCKS.code.id } : node)) }
    const next = rekey(coded, 'fetch', 'load', catalogue)
    assert.deepEqual(
      next.nodes.map(({ key, params }) => [key, params]),
      [
        ['load', {}],
        ['b', { url: '{{ load.url }}' }],
        ['c', { code: '{{ fetch }}', input: '{{ load }}' }],
      ],
    )
    assert.equal(rekey(coded, 'fetch', 'b', catalogue), coded)
    assert.equal(rekey(coded, 'fetch', 'item', catalogue), coded)
  })
})

describe('what is pasted', () => {
  const drawing = draw('start:a each:each step:in@each step:post a>each each>post', {
    each: { params: { list: '{{ a.items }}', result: '{{ in.id }}' }, at: { x: 300, y: 50 } },
    in: { params: { url: '{{ a.url }}/{{ item }}' }, at: { x: 30, y: 70 } },
    post: { params: { text: '{{ each }} {{ a.x }}' }, at: { x: 900, y: 50 } },
  })

  test('has ids and keys of its own, and what it names inside follows while what is left behind is still named', () => {
    const { drawing: next, ids } = paste(drawing, copy(drawing, set('each', 'post')), counter('x'), catalogue)
    assert.equal(ids.size, 3)
    const made = next.nodes.filter(node => ids.has(node.id))
    assert.deepEqual(
      made.map(({ key, params }) => [key, params]),
      [
        ['each2', { list: '{{ a.items }}', result: '{{ in2.id }}' }],
        ['in2', { url: '{{ a.url }}/{{ item }}' }],
        ['post2', { text: '{{ each2 }} {{ a.x }}' }],
      ],
    )
    assert.equal(made[1]?.parent, made[0]?.id)
    assert.equal(lines(next), `a>each each>post ${made[0]?.id}>${made[2]?.id}`)
    assert.deepEqual(next.layout.nodes[made[0]?.id ?? ''], { x: 340, y: 90 })
    assert.deepEqual(next.layout.nodes[made[1]?.id ?? ''], { x: 30, y: 70 })
  })

  test('stands where it is put, and in the container it is put into, but for triggers', () => {
    const clip = copy(drawing, set('a', 'post'))
    const { drawing: next } = paste(drawing, clip, counter('x'), catalogue, { at: { x: 10, y: 20 }, parent: 'each' })
    const [start, post] = next.nodes.slice(-2)
    assert.deepEqual([start?.parent, post?.parent], [undefined, 'each'])
    assert.deepEqual(next.layout.nodes[start?.id ?? ''], { x: 10, y: 20 })
  })

  test('that was taken out of a container stands on the canvas where it was seen', () => {
    const clip = copy(drawing, set('in'))
    assert.deepEqual([clip.nodes[0]?.parent, clip.spots.in], [undefined, { x: 330, y: 120 }])
    const { drawing: next, ids } = duplicate(drawing, set('in'), counter('x'), catalogue)
    const [id = ''] = ids
    assert.deepEqual([nodeOf(next, id)?.parent, placeOf(next, id)], ['each', { x: 370, y: 160 }])
  })

  test('keeps its parameters where the block is not there', () => {
    const text = JSON.stringify({ nodes: [{ id: 'q', key: 'q', block: 'gone.away', params: { deep: [1, { x: '{{ q.y }}' }] } }] })
    const clip = readClip(text, newest)
    assert.ok(clip)
    const { drawing: next } = paste(drawing, clip, counter('x'), catalogue)
    assert.deepEqual(next.nodes.at(-1), {
      id: 'x1',
      key: 'q',
      block: 'gone.away',
      version: 1,
      params: { deep: [1, { x: '{{ q.y }}' }] },
    })
  })

  test('is read from clips, workflows and files, and from nothing else', () => {
    const file = {
      format: 'promptpilot.workflow/1',
      ...drawing,
      nodes: drawing.nodes.map(node => ({ ...node, credential: { kind: 'k', name: 'n' } })),
    }
    assert.equal(readClip(JSON.stringify(file), newest)?.nodes.length, 4)
    assert.ok(readClip(JSON.stringify(file), newest)?.nodes.every(node => !('credential' in node)))
    const dangling = { ...copy(drawing, set('a')), edges: [{ source: 'a', target: 'nobody' }] }
    assert.deepEqual(readClip(JSON.stringify(dangling), newest)?.edges, [])
    for (const text of [
      '',
      'hello',
      '{',
      '{}',
      '[]',
      'null',
      '{"nodes":[]}',
      '{"nodes":[{"id":"a b"}]}',
      '{"nodes":"x"}',
      `{"a":"${'x'.repeat(4_000_001)}"}`,
    ])
      assert.equal(readClip(text, newest), null, text.slice(0, 30))
    const note = addNote(draw(''), 'n', { x: 5, y: 5 })
    assert.equal(readClip(clipText(copy(note, set('n'))), newest)?.notes.length, 1)
    assert.equal(notesOf(duplicate(note, set('n'), counter(), catalogue).drawing).length, 2)
  })

  const Text = fc.constantFrom(
    'plain',
    '{{ n0.x }}',
    '{{ n1 }} and {{ n2.y | upcase }}',
    '{% if n3 %}{{ item }}{% endif %}',
    '{{ elsewhere.z }}',
  )
  const Any = fc.record({
    nodes: fc.array(
      fc.record({
        block: fc.constantFrom(...Object.values(BLOCKS).map(one => one.id), 'not.there'),
        parent: fc.option(fc.nat(6), { nil: undefined }),
        params: fc.dictionary(fc.constantFrom('a', 'b', 'code'), fc.oneof(Text, fc.array(Text, { maxLength: 2 }))),
        x: fc.integer({ min: -500, max: 500 }),
      }),
      { minLength: 1, maxLength: 7 },
    ),
    edges: fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 8 }),
    chosen: fc.array(fc.nat(6), { minLength: 1, maxLength: 7 }),
  })

  function build({ nodes, edges }: typeof Any extends fc.Arbitrary<infer T> ? T : never): Drawing {
    const blank = draw('')
    const made = nodes.map(({ block, parent, params }, at) => {
      const within =
        parent !== undefined && parent < at && nodes[parent]?.block === BLOCKS.each.id ? { parent: `n${parent}` } : {}
      return { id: `n${at}`, key: `n${at}`, block, version: 1, params: { ...params }, ...within }
    })
    return {
      ...blank,
      nodes: made,
      edges: edges
        .filter(([from, to]) => from < to && to < nodes.length)
        .map(([from, to], at) => ({ id: `e${at}`, source: `n${from}`, target: `n${to}` })),
      layout: { ...blank.layout, nodes: Object.fromEntries(nodes.map(({ x }, at) => [`n${at}`, { x, y: at * 10 }])) },
    }
  }

  test('says the same as what was copied, whatever it was, and through a text as well', () => {
    fc.assert(
      fc.property(Any, any => {
        const from = build(any)
        const clip = copy(from, new Set(any.chosen.map(at => `n${at % any.nodes.length}`)))
        const again = readClip(clipText(clip), newest)
        assert.deepEqual(again, clip)
        assert.ok(again)
        const { drawing: next, ids } = paste(from, again, counter('x'), catalogue)
        // The old ones are untouched, the new ones have keys of their own.
        assert.deepEqual(next.nodes.slice(0, from.nodes.length), from.nodes)
        assert.equal(new Set(next.nodes.map(node => node.key)).size, next.nodes.length)
        // Named back, the copy is the original.
        const back = copy(next, ids)
        const names = new Map(back.nodes.map((node, at) => [node.key, clip.nodes[at]?.key ?? '']))
        const idBack = new Map(back.nodes.map((node, at) => [node.id, clip.nodes[at]?.id ?? '']))
        assert.deepEqual(
          back.nodes.map(node => ({
            ...node,
            id: idBack.get(node.id),
            key: names.get(node.key),
            params: Object.fromEntries(
              Object.entries(node.params).map(([name, value]) => [
                name,
                node.block === BLOCKS.code.id && name === 'code' ? value : followed(value, names),
              ]),
            ),
            ...(node.parent === undefined ? {} : { parent: idBack.get(node.parent) }),
          })),
          clip.nodes,
        )
        assert.deepEqual(
          back.edges.map(edge => [idBack.get(edge.source), idBack.get(edge.target)]),
          clip.edges.map(edge => [edge.source, edge.target]),
        )
      }),
      { numRuns: 500 },
    )
  })
})
