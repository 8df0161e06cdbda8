import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Block } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { type TestContext, testContext } from '#sdk/testing.ts'
import { prepare } from '#template/fill.ts'
import { aggregate } from './aggregate.ts'
import { csv } from './csv.ts'
import { filter } from './filter.ts'
import { html } from './html.ts'
import { sort } from './sort.ts'
import { split } from './split.ts'
import { unique } from './unique.ts'
import { xml } from './xml.ts'

function run(block: Block, params: Record<string, unknown>, it?: TestContext): unknown {
  const filler = (field: string) => {
    const filled = prepare(params[field])
    return (extra: Record<string, unknown>) => filled.fill(extra)
  }
  return block.run(block.input.parse(params), { ...(it ?? testContext()).context, filler })
}

const sorted = (list: unknown[], by: unknown[] = [], more = {}) => run(sort, { list, by, ...more })

test('sorting looks at what a column holds', () => {
  assert.deepEqual(sorted([10, 9, '8', null, 1]), [1, '8', 9, 10, null])
  assert.deepEqual(sorted(['file10', 'file9', 'File1']), ['File1', 'file9', 'file10'])
  assert.deepEqual(sorted(['file10', 'file9'], [{ as: 'text' }]), ['file10', 'file9'])
  assert.deepEqual(sorted(['2026-05-01T10:00:00+02:00', '2026-05-01T09:00:00Z', '2026-04-30']), [
    '2026-04-30',
    '2026-05-01T10:00:00+02:00',
    '2026-05-01T09:00:00Z',
  ])
  assert.deepEqual(sorted(['z', 'ä', 'a']), ['a', 'ä', 'z'])
  assert.deepEqual(sorted(['z', 'ä', 'a'], [], { locale: 'sv' }), ['a', 'z', 'ä'])
  assert.deepEqual(sorted([null, 2, 1], [{ order: 'desc' }]), [2, 1, null])
  assert.deepEqual(sorted([2, null, 1], [{ order: 'desc', empty: 'first' }]), [null, 2, 1])
  assert.throws(() => sorted([1], [], { locale: 'x_y z' }), Refused)
  assert.throws(() => run(sort, { list: 'a,b' }), { message: /`list` is a text; give a list/ })
})

test('several keys count one after the other, equal ones stay, and a key may be an expression', () => {
  const list = [
    { n: 'b', t: { p: 1 } },
    { n: 'a', t: { p: 1 } },
    { n: 'c', t: { p: 2 } },
  ]
  assert.deepEqual(sorted(list, [{ field: 't.p', order: 'desc' }, { field: 'n' }]), [list[2], list[1], list[0]])
  assert.deepEqual(sorted(list, [{ field: 't.p' }]), list)
  assert.deepEqual(sorted([{ n: 'bb' }, { n: 'a' }], [{ field: '{{ item.n | size }}' }]), [{ n: 'a' }, { n: 'bb' }])
})

test('aggregates count, sum and group', () => {
  const list = [
    { c: 'DE', t: 0.1, tag: 'x' },
    { c: 'FR', t: '5', tag: 'y' },
    { c: 'DE', t: 0.2, tag: null },
    { c: 'DE', tag: 'x' },
  ]
  const fields = [
    { op: 'sum', field: 't' },
    { op: 'count' },
    { op: 'avg', field: 't' },
    { op: 'list', field: 'tag', name: 'tags' },
    { op: 'unique', field: 'tag' },
  ]
  assert.deepEqual(run(aggregate, { list, by: [{ field: 'c' }], fields }), [
    { c: 'DE', sum_t: 0.3, count: 3, avg_t: 0.15, tags: ['x', null, 'x'], unique_tag: 1 },
    { c: 'FR', sum_t: 5, count: 1, avg_t: 5, tags: ['y'], unique_tag: 1 },
  ])
  const one = (op: string, values: unknown[], more = {}) => run(aggregate, { list: values, fields: [{ op, name: 'r', ...more }] })
  assert.deepEqual(one('median', [3, 1, 2, 10]), { r: 2.5 })
  assert.deepEqual(one('min', ['2026-02-01', '2026-01-31']), { r: '2026-01-31' })
  assert.deepEqual(one('max', [9, '10', null]), { r: '10' })
  assert.deepEqual(one('join', ['a', null, 'b'], { separator: '+' }), { r: 'a+b' })
  assert.deepEqual(
    one('distinct', [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ]),
    { r: [{ b: 2, a: 1 }] },
  )
  assert.deepEqual(
    [one('sum', []), one('avg', []), one('min', []), one('first', [])],
    [{ r: 0 }, { r: null }, { r: null }, { r: null }],
  )
  assert.deepEqual(run(aggregate, { list: [], by: [{ field: 'c' }], fields: [{ op: 'count' }] }), [])
  assert.throws(() => one('sum', [1, 'x']), { message: /one value is the text “x”/ })
  assert.throws(() => run(aggregate, { list, fields: [{ op: 'count' }, { op: 'count' }] }), { message: /called “count”/ })
})

test('lists are filtered, made unique and split', () => {
  const list = [
    { id: 1, n: 'A ' },
    { id: 2, n: 'b' },
    { id: 1, n: 'a' },
  ]
  const where = {
    any: [
      { left: '{{ item.id }}', op: 'equals', right: 2 },
      { left: '{{ index }}', op: 'equals', right: 0 },
    ],
  }
  assert.deepEqual(run(filter, { list, where }), [list[0], list[1]])
  assert.deepEqual(run(filter, { list, where, mode: 'both' }), { kept: [list[0], list[1]], dropped: [list[2]] })
  assert.deepEqual(run(unique, { list, by: [{ field: 'id' }], keep: 'last' }), [list[1], list[2]])
  assert.deepEqual(run(unique, { list, by: [{ field: 'n' }], ignoreCase: true }), [list[0], list[1]])
  assert.deepEqual(run(unique, { list: [1, '1', { a: [1, 2] }, { a: [1, 2] }, null, null] }), [1, '1', { a: [1, 2] }, null])
  assert.deepEqual(run(split, { value: 'a, b,,c', into: 'parts' }), ['a', 'b', 'c'])
  assert.deepEqual(run(split, { value: 'a\r\n\nb', into: 'lines', dropEmpty: false }), ['a', '', 'b'])
  assert.deepEqual(run(split, { value: 'one two three', into: 'pieces', size: 8 }), ['one two', 'three'])
  assert.deepEqual(run(split, { value: 'abcdef', into: 'pieces', size: 3, overlap: 1, words: false }), ['abc', 'cde', 'ef'])
  assert.deepEqual(run(split, { value: '😀😀😀', into: 'pieces', size: 3, words: false }), ['😀', '😀', '😀'])
  assert.deepEqual(run(split, { value: { a: 1 }, into: 'pairs' }), [{ key: 'a', value: 1 }])
})

const read = (text: string, more = {}) => run(csv, { text, ...more })

test('CSV is read as the world writes it', async () => {
  assert.deepEqual(await read('\uFEFFname;note\r\nAda;"a;b\n""c"""\r\n\r\n'), [{ name: 'Ada', note: 'a;b\n"c"' }])
  assert.deepEqual(await read('a\tb\n1\t007\n', { values: 'guess' }), [{ a: 1, b: '007' }])
  assert.deepEqual(await read('x,y,z,v\n-1.5,TRUE,,12345678901234567', { values: 'guess' }), [
    { x: -1.5, y: true, z: null, v: '12345678901234567' },
  ])
  assert.deepEqual(await read('name\nAda'), [{ name: 'Ada' }])
  assert.deepEqual(await read('1,2\n3,4', { header: false }), [
    ['1', '2'],
    ['3', '4'],
  ])
  assert.deepEqual(await read('1,2', { header: false, names: ['a', 'b'] }), [{ a: '1', b: '2' }])
  assert.deepEqual(await read('a,a,\n1,2,3'), [{ a: '1', a_2: '2', column_3: '3' }])
  assert.deepEqual(await read('# made by x\nskip\na\n1\n2\n3', { skip: 2, limit: 2 }), [{ a: '1' }, { a: '2' }])
  assert.deepEqual(await read('a\n# no\n1', { comment: '#' }), [{ a: '1' }])
  assert.deepEqual(await read(''), [])
  const evil = await read('__proto__,a\nx,1')
  assert.deepEqual(Object.keys(Array.isArray(evil) ? evil[0] : {}), ['__proto__', 'a'])
})

test('a broken line is named, skipped or filled', async () => {
  const text = 'a,b\n1,2\n3\n4,5'
  await assert.rejects(async () => read(text), { code: 'csv.broken', message: /Line 3 has 1 columns instead of 2/ })
  assert.deepEqual(await read(text, { broken: 'skip' }), [
    { a: '1', b: '2' },
    { a: '4', b: '5' },
  ])
  assert.deepEqual(await read(text, { broken: 'fill' }), [
    { a: '1', b: '2' },
    { a: '3', b: null },
    { a: '4', b: '5' },
  ])
  await assert.rejects(async () => read('a,b\n1,"2\n3,4'), { code: 'csv.broken' })
  await assert.rejects(async () => read(`a,b\n1,x"y"\n${'2,3\n'.repeat(200_000)}`), { code: 'csv.broken', message: /line 2/ })
  await assert.rejects(async () => read(`a\n${'1\n'.repeat(100_001)}`), { code: 'input.too_large' })
  assert.deepEqual(await read(`a\n${'1\n'.repeat(300_000)}`, { limit: 1 }), [{ a: '1' }])
  await assert.rejects(async () => read('a', { file: 'x' }), Refused)
  await assert.rejects(async () => run(csv, { file: 5 }), { message: /`file` is a number/ })
})

test('CSV is written so that it reads back, and no value becomes a formula', async () => {
  const list = [
    { a: 'x,"y"', b: 1 },
    { a: null, c: true },
    { a: '=1+1', b: -5 },
  ]
  assert.equal(await run(csv, { mode: 'write', list }), `a,b,c\n"x,""y""",1,\n,,true\n'=1+1,-5,\n`)
  assert.equal(await run(csv, { mode: 'write', list: [[1, 2]], delimiter: ';', header: false, bom: true }), '\uFEFF1;2\n')
  const it = testContext()
  const file = await run(csv, { mode: 'write', list: [{ n: 'é' }], to: 'file', name: 'x.csv' }, it)
  assert.deepEqual(await run(csv, { file }, it), [{ n: 'é' }])
  const old = it.store('old.csv', Buffer.from('n\n\xe9', 'latin1'))
  assert.deepEqual(await run(csv, { file: old, encoding: 'windows-1252' }, it), [{ n: 'é' }])
  const { effect } = csv
  assert.ok(typeof effect === 'function')
  assert.deepEqual([{ text: '' }, { file: 1 }, { mode: 'write' }, { mode: 'write', to: 'file' }].map(effect), [
    'pure',
    'repeatable',
    'pure',
    'repeatable',
  ])
})

test('pages are taken apart, and become text or Markdown', async () => {
  const page =
    '<div class=p><b>Tea</b><a href="/t">buy</a></div><!-- x --><div class=p><b>Cup &amp; more</b></div><script>x()</script>'
  const fields = [
    { name: 'title', selector: 'b' },
    { name: 'link', selector: 'a', what: 'attribute' },
  ]
  assert.deepEqual(await run(html, { html: page, each: '.p', fields }), [
    { title: 'Tea', link: '/t' },
    { title: 'Cup & more', link: null },
  ])
  assert.deepEqual(await run(html, { html: page, fields: [{ name: 'all', selector: 'b', all: true }] }), {
    all: ['Tea', 'Cup & more'],
  })
  assert.equal(await run(html, { html: '<h1>A</h1><p>b <b>c</b></p>', mode: 'markdown' }), '# A\n\nb **c**')
  assert.equal(await run(html, { html: '<h1>A</h1><p>b <a href="x">c</a></p><style>p{}</style>', mode: 'text' }), 'A\n\nb c')
  assert.equal(await run(html, { html: `<a b="c">'&`, mode: 'escape' }), '&#60;a b=&#34;c&#34;&#62;&#39;&#38;')
  assert.equal(await run(html, { html: '&lt;b&gt; &amp;amp; &#228; <i>  x', mode: 'unescape' }), '<b> &amp; ä <i>  x')
  await assert.rejects(async () => run(html, { html: page, fields: [{ name: 'x', selector: 'a[' }] }), {
    message: /no CSS selector/,
  })
  for (const bomb of ['<div>'.repeat(100_000), '<b>'.repeat(1000)])
    await assert.rejects(async () => run(html, { html: bomb, mode: 'markdown' }), { code: 'input.too_deep' })
  assert.equal(await run(html, { html: '<!--'.repeat(100_000), mode: 'markdown' }), '')
})

test('XML is read and written, and nothing comes from outside', async () => {
  const value = await run(xml, { xml: '<o id="7"><l>a&amp;b&#228;</l><l/></o>' })
  assert.deepEqual(value, { o: { '@id': '7', l: ['a&bä', ''] } })
  assert.equal(await run(xml, { mode: 'write', value, indent: false, declaration: false }), '<o id="7"><l>a&amp;bä</l><l/></o>')
  assert.deepEqual(await run(xml, { xml: '<o><n>5</n></o>', values: 'guess', lists: ['n'] }), { o: { n: [5] } })
  await assert.rejects(async () => run(xml, { xml: '<a><b></a>' }), { code: 'xml.broken', message: /line 1/ })
  await assert.rejects(async () => run(xml, { xml: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>' }), {
    code: 'xml.entities',
  })
  await assert.rejects(async () => run(xml, { xml: '<a>'.repeat(200) + '</a>'.repeat(200) }), Refused)
  await assert.rejects(async () => run(xml, { mode: 'write', value: { 'a><b': 1 } }), { message: /cannot be the name/ })
  assert.equal(
    await run(xml, { mode: 'write', value: { a: 'x\u0000', b: 1 }, indent: false, declaration: false }),
    '<root><a>x</a><b>1</b></root>',
  )
})
