import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Liquid } from 'liquidjs'
import { twigsOf } from './branch.ts'
import { complete, completionAt, holeAt, insertAt, partsOf, piecesOf } from './complete.ts'
import { FILTERS } from './filters.ts'
import { previewOf } from './preview.ts'
import { expressionOf, type Reach, reserved, spotsAt } from './reach.ts'
import { shortOf } from './short.ts'

const reach: Reach = [
  {
    key: 'fetch',
    title: 'Orders',
    kind: 'node',
    schema: {
      type: 'object',
      properties: { status: { type: 'integer', title: 'Status' }, body: { title: 'Body' }, 'x-id': { type: 'string' } },
    },
    last: { status: 200, body: { items: [{ id: 1, 'order-no': 'A' }], total: 3.5 }, headers: {} },
  },
  { key: 'trigger', title: 'Start', kind: 'trigger', schema: { type: 'object', properties: { name: { type: 'string' } } } },
  ...reserved({ turning: false, variables: { city: 'Bonn' } }),
]

/** The cursor is where the bar stands. */
const at = (marked: string): [string, number] => [marked.replace('|', ''), marked.indexOf('|')]
const offered = (marked: string) => {
  const found = completionAt(...at(marked), reach)
  return found ? found.options.map(one => (one.is === 'value' ? one.spot.name : one.name)) : null
}
const taken = (marked: string, name: string) => {
  const [text, cursor] = at(marked)
  const found = completionAt(text, cursor, reach)
  const option = found?.options.find(one => (one.is === 'value' ? one.spot.name : one.name) === name)
  assert.ok(found && option, `${marked} does not offer ${name}`)
  const next = complete(text, found, option)
  return `${next.text.slice(0, next.cursor)}|${next.text.slice(next.cursor)}`
}

test('inside of braces everything that can be named is offered, outside nothing', () => {
  assert.deepEqual(offered('{{|'), ['fetch', 'trigger', 'vars', 'execution', 'workflow', 'now'])
  assert.deepEqual(offered('a {{ t| b'), ['trigger', 'fetch', 'execution'])
  for (const outside of ['|', 'fetch|', '{{ fetch }} fe|', '{ fe|', '{{ "fe|" }}', "{{ 'fe|", '{{ fetch |'])
    assert.equal(offered(outside), null, outside)
})

test('behind a point comes what was seen there and what the schema tells', () => {
  assert.deepEqual(offered('{{ fetch.|'), ['status', 'body', 'headers', 'x-id'])
  assert.deepEqual(offered('{{ fetch.bo| }}'), ['body'])
  assert.deepEqual(offered('{{ fetch.body.|'), ['items', 'total'])
  assert.deepEqual(offered('{{ fetch.body.items[0].|'), ['id', 'order-no'])
  assert.deepEqual(offered('{{ fetch.body.items[|'), ['0'])
  assert.deepEqual(offered('{{ trigger.n|'), ['name'])
  assert.deepEqual(offered('{{ vars.|'), ['city'])
  assert.equal(offered('{{ nobody.|'), null)
})

test('what is chosen takes the place of what was typed, and open braces are closed', () => {
  assert.equal(taken('{{|', 'fetch'), '{{ fetch| }}')
  assert.equal(taken('Hi {{ fe| }}!', 'fetch'), 'Hi {{ fetch| }}!')
  assert.equal(taken('{{ fetch.bo|', 'body'), '{{ fetch.body| }}')
  assert.equal(taken('{{ fetch.|', 'x-id'), '{{ fetch["x-id"]| }}')
  assert.equal(taken('{{ fetch.body.items[0].or| }}', 'order-no'), '{{ fetch.body.items[0]["order-no"]| }}')
  assert.equal(taken('{{ fetch.body.items[|', '0'), '{{ fetch.body.items[0]| }}')
  assert.equal(taken('{% if tr|', 'trigger'), '{% if trigger| %}')
})

test('behind a bar come the filters, and all of them exist', () => {
  const text = '{{ now | da'
  const found = completionAt(text, text.length, reach)
  const [first] = found?.options ?? []
  assert.ok(found && first?.is === 'filter' && first.name === 'date')
  assert.deepEqual(complete(text, found, first), { text: '{{ now | date:  }}', cursor: 15 })
  const known = Object.keys(new Liquid().filters)
  assert.deepEqual(
    FILTERS.filter(one => !known.includes(one.name)),
    [],
  )
})

test('a hole ends where the next one begins', () => {
  assert.equal(holeAt('{{ a }} b {{ c }}', 9), null)
  assert.deepEqual(holeAt('{{ a {{ b }}', 4), { start: 2, end: 4, closed: false })
  assert.deepEqual(holeAt('{{ a }}', 7), null)
})

test('a value that is picked becomes a hole of its own, or goes into the one that is open', () => {
  const path = ['fetch', 'body', 'order-no', 0]
  assert.equal(expressionOf(path), 'fetch.body["order-no"][0]')
  assert.deepEqual(partsOf('fetch.body["order-no"][0]'), path)
  assert.equal(insertAt('Hello !', { from: 6, to: 6 }, ['fetch']).text, 'Hello {{ fetch }}!')
  assert.equal(insertAt('Hello you!', { from: 6, to: 9 }, ['fetch']).text, 'Hello {{ fetch }}!')
  assert.equal(insertAt('{{  }}', { from: 3, to: 3 }, ['fetch']).text, '{{ fetch }}')
  assert.equal(insertAt('{{', { from: 2, to: 2 }, ['fetch']).text, '{{ fetch }}')
  assert.equal(insertAt('', { from: 40, to: 90 }, ['now']).text, '{{ now }}')
})

test('a text is cut into what is a template and what is not', () => {
  assert.deepEqual(
    piecesOf('a {{ b }}{% if c %}d {{ e').map(one => [one.text, one.hole]),
    [
      ['a ', false],
      ['{{ b }}', true],
      ['{% if c %}', true],
      ['d ', false],
      ['{{ e', true],
    ],
  )
  for (const text of ['', 'plain', '{{ a }} b', '}} x {{'])
    assert.equal(
      piecesOf(text)
        .map(one => one.text)
        .join(''),
      text,
    )
})

test('what is known of a value: its kind, its title, and what was seen last', () => {
  const spots = spotsAt(reach, ['fetch'])
  assert.deepEqual(
    spots.map(one => [one.name, one.type, one.title]),
    [
      ['status', 'number', 'Status'],
      ['body', 'object', 'Body'],
      ['headers', 'object', undefined],
      ['x-id', 'text', undefined],
    ],
  )
  assert.deepEqual(
    [shortOf('a'), shortOf([1, 2]), shortOf({ a: 1, b: 2 }), shortOf(null)],
    ['“a”', '[1, … 2]', '{ a, b }', 'null'],
  )
  assert.equal(shortOf([[['x']]]), '[[…]]')
})

test('the tree shows what is open, and with a word what has it in its name', () => {
  assert.deepEqual(
    twigsOf(reach, new Set(['["fetch"]']))
      .slice(0, 3)
      .map(one => [one.spot.name, one.depth]),
    [
      ['fetch', 0],
      ['status', 1],
      ['body', 1],
    ],
  )
  assert.deepEqual(
    twigsOf(reach, new Set(), 'total').map(one => expressionOf(one.spot.path)),
    ['fetch.body.total'],
  )
})

test('the preview says the value, or in words why there is none', () => {
  assert.deepEqual(previewOf('{{ fetch.body.total | plus: 1 }}', reach), { is: 'value', value: 4.5 })
  assert.deepEqual(previewOf('In {{ vars.city }}', reach), { is: 'value', value: 'In Bonn' })
  assert.deepEqual(previewOf('{{ trigger.name }}', reach), { is: 'waiting', names: ['trigger'] })
  assert.deepEqual(previewOf('{{ execution.id }}', reach), { is: 'later', names: ['execution'] })
  assert.deepEqual(previewOf('{{ fetsch.body }}', reach), { is: 'unknown', names: ['fetsch'] })
  assert.deepEqual(previewOf('{{ now | upcas }}', reach), { is: 'filter', name: 'upcas' })
  assert.equal(previewOf('{{ now', reach).is, 'unreadable')
  assert.equal(previewOf('{{ now }}', reach).is, 'value')
})
