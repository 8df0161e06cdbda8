import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BadTemplate, prepare } from './fill.ts'

const scope = {
  fetch: { body: { title: 'Hello', list: [{ id: 1 }, { id: 2 }], none: null }, ok: true, n: 3 },
  key: 'title',
  evil: '{{ fetch.n }}',
}
const fill = (params: unknown) => prepare(params).fill(scope)

test('a field that is exactly one expression keeps the type of its value', () => {
  assert.deepEqual(fill({ a: '{{ fetch.body.list }}', b: '{{fetch.ok}}', c: ' {{ fetch.n }}\n', d: '{{ fetch.body.none }}' }), {
    a: scope.fetch.body.list,
    b: true,
    c: 3,
    d: null,
  })
  assert.equal(fill('{{ fetch.n | plus: 1 }}'), 4)
  assert.deepEqual(fill('{{ fetch.body.list | map: "id" }}'), [1, 2])
})

test('with text around it becomes text, and what is no text becomes JSON', () => {
  assert.equal(fill('{{ fetch.n }}!'), '3!')
  assert.equal(fill('List: {{ fetch.body.list }}'), 'List: [{"id":1},{"id":2}]')
  assert.equal(fill('{{ fetch.ok }}{{ fetch.body.none }}'), 'true')
  assert.equal(fill('{% if fetch.ok %}yes{% else %}no{% endif %}'), 'yes')
})

test('what the data does not have is null, however deep', () => {
  assert.deepEqual(fill(['{{ nobody }}', '{{ fetch.body.no.such.thing }}', '{{ fetch.body.list[9].id }}', '{{ fetch.n.x }}']), [
    null,
    null,
    null,
    null,
  ])
})

test('lists know their size, first and last, as Liquid has it', () => {
  assert.deepEqual(
    fill([
      '{{ fetch.body.list.size }}',
      '{{ fetch.body.list.first.id }}',
      '{{ fetch.body.list.last.id }}',
      '{{ fetch.body[key] }}',
    ]),
    [2, 1, 2, 'Hello'],
  )
})

test('a value that looks like a template is never read as one', () => {
  assert.deepEqual(fill({ a: '{{ evil }}', b: 'x {{ evil }}' }), { a: '{{ fetch.n }}', b: 'x {{ fetch.n }}' })
})

test('nothing inherited can be reached', () => {
  for (const text of [
    '{{ fetch.constructor }}',
    '{{ fetch.__proto__ }}',
    '{{ fetch.body.title.constructor.name }}',
    '{{ fetch["constructor"] }}',
    '{{ toString }}',
  ])
    assert.equal(fill(text), null, text)
})

test('parameters without a template come back as they are, not copied', () => {
  const params = { a: [1, { b: 'text' }], c: null }
  assert.equal(prepare(params).fill(scope), params)
})

test('references say what is read and where it stands', () => {
  const { references, roots } = prepare({
    url: 'https://x/{{ fetch.body.id }}',
    list: [{ a: '{{ item.name | upcase }}' }],
    text: '{% for x in rows.all %}{{ x.y }}{% endfor %}',
  })
  assert.deepEqual(references, [
    { field: 'url', path: ['fetch', 'body', 'id'] },
    { field: 'list[0].a', path: ['item', 'name'] },
    { field: 'text', path: ['rows', 'all'] },
  ])
  assert.deepEqual([...roots], ['fetch', 'item', 'rows'])
})

test('a template that does not parse names its field', () => {
  for (const text of ['{{ a', '{{ a | nosuchfilter }}', '{% if %}', '{% nosuchtag %}']) {
    assert.throws(
      () => fill({ list: ['ok', { deep: text }] }),
      (error: unknown) => error instanceof BadTemplate && error.field === 'list[1].deep',
      text,
    )
  }
})

test('a bomb stops within its limits and reads no file', () => {
  for (const text of [
    '{% for i in (1..100000000) %}x{% endfor %}',
    '{% assign s = "aaaaaaaaaa" %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}{{ s }}',
    '{% include "package.json" %}',
    '{% render "package.json" %}',
    '{% for i in (1..1000) %}{% for j in (1..1000) %}{% for k in (1..1000) %}{{ k }}{% endfor %}{% endfor %}{% endfor %}',
  ])
    assert.throws(() => fill(text), Error, text)
})

test('whatever stands in a scope, a plain path finds what Liquid finds', () => {
  const name = fc.stringMatching(/^[a-z]{1,3}$/)
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.jsonValue({ maxDepth: 4 })),
      fc.array(name, { minLength: 1, maxLength: 4 }),
      (data, path) => {
        const plain = prepare(`{{ ${path.join('.')} }}`).fill(data)
        const liquid = prepare(`{{ ${path.map((part, at) => (at === 0 ? part : `["${part}"]`)).join('')} }}`).fill(data)
        assert.deepEqual(plain, liquid)
      },
    ),
    { numRuns: 2000 },
  )
})

test('a text whose holes only follow paths says what Liquid would say', () => {
  const scope = { a: { n: 5, text: '<b>', list: [1, { x: 'y' }], no: null, yes: true }, b: 'B' }
  const pairs = [
    ['{{ a.n }} and {{b}}', '{{ a.n | default: "" }} and {{b}}'],
    ['x{{ a.text }}{{ a.no }}{{ a.none.deeper }}y', 'x{{ a.text | append: "" }}{{ a.no }}{{ a.none.deeper }}y{{ "" }}'],
    ['{{ a.list }} {{ a.list[1].x }} {{ a.list[0] }}', '{{ "" }}{{ a.list }} {{ a.list[1].x }} {{ a.list[0] }}'],
    ['{{ a.yes }} {{ true }} {{ a.list.size }} {{ a }}', '{{ a.yes }} {{ true }} {{ a.list.size }} {{ a }}{{ "" }}'],
  ]
  for (const [quick = '', slow = ''] of pairs) assert.equal(prepare(quick).fill(scope), prepare(slow).fill(scope), quick)
  assert.equal(prepare('{{ a.n }} }}').fill(scope), '5 }}')
})
