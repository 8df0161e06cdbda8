import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import type { Block } from '#sdk/define.ts'
import { isEnding } from '#sdk/ending.ts'
import { Refused } from '#sdk/fail.ts'
import { outletsOf } from '#sdk/outlets.ts'
import { testContext } from '#sdk/testing.ts'
import { approve } from './approve.ts'
import { forEach } from './foreach.ts'
import { either } from './if.ts'
import { merge } from './merge.ts'
import { repeat } from './repeat.ts'
import { respond } from './respond.ts'
import { set } from './set.ts'
import { choose } from './switch.ts'
import { wait } from './wait.ts'

const at = (text: string) => Date.parse(text)

function run(block: Block, params: object, now = at('2026-05-01T08:30:00Z'), timezone = 'Europe/Berlin'): unknown {
  return block.run(block.input.parse(params), testContext({ now, timezone }).context)
}

/** Until when it waits; the words of the refusal where it refuses. */
function until(params: object, now = '2026-05-01T08:30:00Z', timezone = 'Europe/Berlin'): string {
  const result = run(wait, params, at(now), timezone)
  if (isEnding(result) && result.how === 'pause') return new Date(result.pause.until ?? Number.NaN).toISOString()
  return `at once: ${z.object({ until: z.string() }).parse(result).until}`
}

test('durations are written in many ways', () => {
  const ways: [unknown, string][] = [
    ['10m', '08:40:00.000'],
    ['1h30m', '10:00:00.000'],
    ['1 hour and 30 min', '10:00:00.000'],
    ['90', '08:31:30.000'],
    [90, '08:31:30.000'],
    [0.5, '08:30:00.500'],
    ['1.5h', '10:00:00.000'],
    ['250ms', '08:30:00.250'],
    ['PT1H30M', '10:00:00.000'],
  ]
  for (const [written, time] of ways) assert.equal(until({ for: written }), `2026-05-01T${time}Z`, String(written))
  assert.equal(until({ for: '2d' }), '2026-05-03T08:30:00.000Z')
  assert.equal(until({ for: 'P1W' }), '2026-05-08T08:30:00.000Z')
  assert.equal(until({ for: 'P1M' }, '2026-01-31T10:00:00Z'), '2026-02-28T10:00:00.000Z')
  for (const wrong of [
    '',
    'soon',
    '10 parsecs',
    '-5m',
    'P',
    'PT',
    '1h 2',
    -1,
    Number.POSITIVE_INFINITY,
    '400000d',
    '9'.repeat(80),
  ])
    assert.throws(() => until({ for: wrong }), String(wrong))
  assert.throws(() => until({ for: 'soon' }), { message: /`for` is “soon”; write a duration like/ })
})

test('a date without a zone is meant where the workflow is', () => {
  assert.equal(until({ until: '2026-05-02 08:30' }), '2026-05-02T06:30:00.000Z')
  assert.equal(until({ until: '2026-05-02' }), '2026-05-01T22:00:00.000Z')
  assert.equal(until({ until: '2026-05-02T08:30:00.250+05:30' }), '2026-05-02T03:00:00.250Z')
  assert.equal(until({ until: '2026-05-02T08:30:00', timezone: 'America/New_York' }), '2026-05-02T12:30:00.000Z')
  assert.equal(until({ until: 1_777_777_777 }), '2026-05-03T03:09:37.000Z')
  assert.equal(until({ until: 1_777_777_777_000 }), '2026-05-03T03:09:37.000Z')
  assert.equal(until({ until: '2020-01-01T00:00:00Z' }), 'at once: 2020-01-01T00:00:00.000Z')
  for (const wrong of ['tomorrow', '2026-02-30', '2026-13-01', '2026-05-02T25:00', '2099-01-01'])
    assert.throws(() => until({ until: wrong }), Refused, wrong)
  assert.throws(() => until({ until: '2026-05-02', timezone: 'Berlin' }), { message: /no time zone/ })
})

test('a time of day is the next one on clocks there, also when they are changed', () => {
  assert.equal(until({ at: '08:30' }, '2026-05-01T06:29:00Z'), '2026-05-01T06:30:00.000Z')
  assert.equal(until({ at: '08:30' }, '2026-05-01T06:30:00Z'), '2026-05-02T06:30:00.000Z')
  // Clocks in Berlin go forward at 01:00Z on 29 March and back at 01:00Z on 25 October 2026.
  assert.equal(until({ at: '08:30' }, '2026-03-28T12:00:00Z'), '2026-03-29T06:30:00.000Z')
  assert.equal(until({ at: '08:30' }, '2026-10-24T12:00:00Z'), '2026-10-25T07:30:00.000Z')
  assert.equal(until({ at: '02:30' }, '2026-03-28T12:00:00Z'), '2026-03-29T01:30:00.000Z')
  assert.equal(until({ at: '02:30' }, '2026-10-24T12:00:00Z'), '2026-10-25T00:30:00.000Z')
  assert.equal(until({ at: '02:30' }, '2026-10-25T00:45:00Z'), '2026-10-26T01:30:00.000Z')
  assert.equal(until({ at: '02:30' }, '2026-03-07T12:00:00Z', 'America/New_York'), '2026-03-08T07:30:00.000Z')
  assert.equal(until({ at: '00:15' }, '2026-10-03T12:00:00Z', 'Australia/Lord_Howe'), '2026-10-03T13:45:00.000Z')
  assert.equal(until({ at: '23:59' }, '2026-12-31T23:30:00Z', 'Asia/Kathmandu'), '2027-01-01T18:14:00.000Z')
})

test('weekdays are those of the zone', () => {
  // A Friday in Berlin, in Auckland already Saturday.
  assert.equal(until({ at: '09:00', weekdays: ['monday', 'friday'] }, '2026-05-01T13:00:00Z'), '2026-05-04T07:00:00.000Z')
  assert.equal(
    until({ at: '09:00', weekdays: ['saturday'] }, '2026-05-01T13:00:00Z', 'Pacific/Auckland'),
    '2026-05-01T21:00:00.000Z',
  )
  assert.equal(until({ at: '09:00', weekdays: ['friday'] }, '2026-05-01T07:00:00Z'), '2026-05-08T07:00:00.000Z')
  for (const wrong of ['24:00', '8:5', 'noon', '']) assert.throws(() => until({ at: wrong }), Refused, wrong)
  assert.throws(() => until({}), /Give one of/)
  assert.throws(() => until({ for: '1m', at: '08:00' }), /Give one of/)
})

const orders = [{ id: 1, customer: 'a' }, { id: '2', customer: 'b' }, { id: 3, customer: 'c' }, { customer: 'nobody' }]
const sums = [
  { id: 2, sum: 20 },
  { id: 1, sum: 10 },
  { id: 1, sum: 11 },
  { id: 9, sum: 90 },
]
const merged = (params: object) => run(merge, params)

test('lists are put one after the other, and what was skipped is left out', () => {
  assert.deepEqual(merged({ inputs: [[1, 2], null, 3, [[4]]] }), [1, 2, 3, [4]])
  assert.equal(merged({ mode: 'first', inputs: [null, 0, 1] }), 0)
  assert.equal(merged({ mode: 'first', inputs: [null] }), null)
})

test('entries are combined by a key, from whichever side', () => {
  const combined = (keep: string, more = {}) => merged({ mode: 'combine', key: 'id', keep, inputs: [orders, sums], ...more })
  const both = [
    { id: 1, customer: 'a', sum: 10 },
    { id: 1, customer: 'a', sum: 11 },
    { id: 2, customer: 'b', sum: 20 },
  ]
  assert.deepEqual(combined('inner'), both)
  assert.deepEqual(combined('left'), [...both, orders[2], orders[3]])
  assert.deepEqual(combined('outer'), [...both, orders[2], orders[3], { id: 9, sum: 90 }])
  assert.deepEqual(combined('unmatched'), [orders[2], orders[3]])
  assert.deepEqual(combined('inner', { matches: 'first', wins: 'first' }), [both[0], { id: '2', customer: 'b', sum: 20 }])
  assert.deepEqual(
    merged({ mode: 'combine', key: 'a.b', otherKey: 'c', keep: 'inner', inputs: [[{ a: { b: 1 } }], [{ c: '1' }]] }),
    [{ a: { b: 1 }, c: '1' }],
  )
  assert.throws(() => merged({ mode: 'combine', inputs: [[], []] }), { message: /`key` is missing/ })
  assert.throws(() => merged({ mode: 'combine', key: 'id', inputs: [[{ id: 1 }], [5]] }), {
    message: /`inputs\[1\]\[0\]` is a number/,
  })
  const many = Array.from({ length: 400 }, () => ({ id: 1 }))
  assert.throws(() => merged({ mode: 'combine', key: 'id', inputs: [many, many] }), { code: 'input.too_large' })
})

test('entries are combined by position, and objects into one, without changing what was given', () => {
  const given = { a: { x: 1, y: 1 }, b: 1 }
  assert.deepEqual(merged({ mode: 'position', inputs: [[{ a: 1 }, { a: 2 }], [{ b: 1 }]] }), [{ a: 1, b: 1 }, { a: 2 }])
  assert.deepEqual(merged({ mode: 'position', shortest: true, inputs: [[{ a: 1 }, { a: 2 }], [{ b: 1 }]] }), [{ a: 1, b: 1 }])
  assert.deepEqual(merged({ mode: 'objects', inputs: [given, { a: { x: 2 } }] }), { a: { x: 2 }, b: 1 })
  assert.deepEqual(merged({ mode: 'objects', deep: true, inputs: [given, { a: { x: 2 } }] }), { a: { x: 2, y: 1 }, b: 1 })
  assert.deepEqual(merged({ mode: 'objects', deep: true, wins: 'first', inputs: [given, { a: { x: 2, z: 3 } }] }), {
    a: { x: 1, z: 3, y: 1 },
    b: 1,
  })
  assert.deepEqual(given, { a: { x: 1, y: 1 }, b: 1 })
  const evil = JSON.parse('{"__proto__":{"owned":true}}')
  merged({ mode: 'objects', deep: true, inputs: [evil, evil] })
  assert.equal(Reflect.get({}, 'owned'), undefined)
})

test('fields are set, also within objects, and other nodes keep theirs', () => {
  const from = { a: { x: 1 }, b: 2, secret: 3 }
  assert.deepEqual(run(set, { keep: true, from, drop: ['secret'], fields: { 'a.y.z': 5, b: 3 } }), {
    a: { x: 1, y: { z: 5 } },
    b: 3,
  })
  assert.deepEqual(from, { a: { x: 1 }, b: 2, secret: 3 })
  assert.deepEqual(run(set, { fields: { 'a.b': 1, 'a.c': 2 } }), { a: { b: 1, c: 2 } })
  const shared = { p: 1 }
  run(set, { fields: { a: shared, 'a.q': 2 } })
  assert.deepEqual(shared, { p: 1 })
  assert.deepEqual(run(set, { dots: false, fields: { 'a.b': 1 } }), { 'a.b': 1 })
  assert.deepEqual(run(set, { keep: true, from: null, fields: { a: 1 } }), { a: 1 })
  assert.throws(() => run(set, { fields: { 'a.__proto__.x': 1 } }), Refused)
  assert.throws(() => run(set, { fields: { a: 5, 'a.b': 1 } }), { message: /“a” is a number/ })
  assert.throws(() => run(set, { keep: true, fields: {} }), { message: /`from` does not say/ })
  assert.throws(() => run(set, { keep: true, from: [1], fields: {} }), { message: /`from` is a list/ })
})

/** The outlet it leaves by. */
function outlet(block: Block, params: object): string {
  const result = run(block, params)
  return isEnding(result) && result.how === 'leave' ? result.outlet : 'main'
}

test('a condition has two ways, a switch as many as it has cases', () => {
  assert.equal(
    outlet(either, {
      any: [
        { left: 1, op: 'equals', right: 2 },
        { left: [], op: 'isEmpty' },
      ],
    }),
    'yes',
  )
  assert.equal(outlet(either, { all: [{ left: 1, op: 'equals', right: 2 }] }), 'no')
  const cases = [
    { name: 'low', to: 9 },
    { name: 'mid', from: 10, to: 19 },
    { name: 'listed', in: [50, 60] },
    { name: 'exact', equals: 'ADA' },
    { name: 'mail', matches: '@' },
    { name: 'other', when: { all: [{ left: 1, op: 'equals', right: 2 }] } },
  ]
  const ways: [unknown, string][] = [
    [5, 'low'],
    ['12', 'mid'],
    [60, 'listed'],
    ['Ada', 'exact'],
    ['a@b', 'mail'],
    [99, 'default'],
    [null, 'default'],
    [{}, 'default'],
  ]
  for (const [value, name] of ways) assert.equal(outlet(choose, { value, cases, ignoreCase: true }), name)
  const half = [{ name: 'a' }, { name: 'a' }, { name: '' }, {}, null, { name: 'default' }, { name: '{{ x }}' }, { name: 'b' }]
  assert.deepEqual(outletsOf(choose.outlets ?? [], { cases: half }), ['a', 'b', 'default'])
  for (const wrong of [
    [],
    [{ name: 'a' }],
    [{ name: 'a', equals: 1, in: 'x' }],
    [
      { name: 'a', equals: 1 },
      { name: 'a', equals: 2 },
    ],
    [{ name: 'error', equals: 1 }],
  ])
    assert.equal(choose.input.safeParse({ value: 1, cases: wrong }).success, false, JSON.stringify(wrong))
})

test('a loop opens turns for a list or an object, and says what else it was given', () => {
  const turns = (params: object) => {
    const result = run(forEach, params)
    return isEnding(result) && result.how === 'turns' ? result : assert.fail()
  }
  assert.deepEqual(turns({ list: [1, 2, 3], batch: 2, concurrency: 5 }).list, [[1, 2], [3]])
  assert.equal(turns({ list: [1, 2, 3], concurrency: 5 }).atOnce, 5)
  assert.deepEqual(turns({ list: { a: 1 } }).list, [{ key: 'a', value: 1 }])
  assert.equal(turns({ list: [] }).most, 0)
  assert.throws(() => turns({ list: 'a' }), { message: '`list` is a text; give a list, for example {{ fetch.body.items }}.' })
  assert.throws(() => turns({ list: null }), { message: /`list` is nothing/ })
  assert.throws(() => turns({ list: Array.from({ length: 100_001 }) }), { code: 'input.too_large' })
  assert.deepEqual(forEach.turn?.({}, { index: 0, last: 7 }), { result: 7, again: true })
  assert.deepEqual(forEach.turn?.({ result: null }, { index: 0, last: 7 }), { result: null, again: true })
  assert.deepEqual(repeat.turn?.({ until: { all: [{ left: 'done', op: 'equals', right: 'done' }] } }, { index: 0, last: 7 }), {
    result: 7,
    again: false,
  })
})

test('a reply cannot speak for the server, and an approval is asked with its deadline', () => {
  for (const headers of [{ 'Set-Cookie': 'a=b' }, { 'content-length': '5' }, { 'x-a': 'b\r\nset-cookie: c' }, { 'a b': 'c' }])
    assert.equal(respond.input.safeParse({ headers }).success, false, JSON.stringify(headers))
  assert.equal(respond.input.safeParse({ redirect: 'javascript:alert(1)' }).success, false)
  const sent = run(respond, { redirect: 'https://example.org/', headers: { 'X-A': 5 } })
  assert.ok(isEnding(sent) && sent.how === 'reply')
  assert.deepEqual(sent.reply, { status: 302, headers: { 'x-a': '5', location: 'https://example.org/' }, body: null })
  const asked = run(approve, { title: 'Pay?', deadline: '2d', reminder: '1d', fields: [{ name: 'why' }] })
  assert.ok(isEnding(asked) && asked.how === 'pause' && asked.pause.kind === 'approval')
  assert.equal(asked.pause.until, at('2026-05-03T08:30:00Z'))
  assert.equal(asked.pause.ask.remindAt, at('2026-05-02T08:30:00Z'))
  assert.deepEqual(asked.pause.ask.fields, [{ name: 'why', title: 'why', type: 'text', required: false }])
  assert.throws(() => run(approve, { title: 'Pay?', deadline: '1d', reminder: '2d' }), Refused)
})
