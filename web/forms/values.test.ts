import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reply } from '#http/contract.ts'
import type { models } from '#models/contract.ts'
import { groupOf, isAlone, isGroup, isOp, OPS, opsFor, withOp, writeGroup } from './conditions.ts'
import { kindsOf, missingIn, textsOf } from './credential/kinds.ts'
import { patternOf, planLike, planOf } from './cron.ts'
import { amountOf, millisOf, textOfMillis, written } from './duration.ts'
import { readJson, writeJson } from './json.ts'
import { dollars, providersOf, tokensOf } from './models.ts'
import { kept, pickable } from './moment.ts'
import { narrow } from './narrow.ts'
import { objectOf, pairsOf, wrongNames } from './pairs.ts'
import { countWithin, problemsBy, wordsAt } from './problems.ts'
import { inputSpots } from './script.ts'
import { type Node, settingsOf, settingsSchema, withSettings, wrongKey } from './settings.ts'
import { moved, pathText, readLike, valueAt, withAt, withField } from './values.ts'
import { offsetOf } from './zones.ts'

test('a value is changed at its place, and nothing else is', () => {
  const before = { a: [{ b: 1 }, { b: 2 }], c: 3 }
  const after = withAt(before, ['a', 1, 'b'], 9)
  assert.deepEqual(after, { a: [{ b: 1 }, { b: 9 }], c: 3 })
  assert.equal(valueAt(after, ['a', 0]), valueAt(before, ['a', 0]))
  assert.deepEqual([valueAt(before, ['a', 7, 'b']), valueAt(before, ['toString'])], [undefined, undefined])
  assert.deepEqual(withField({ a: 1, b: 2 }, 'a', undefined), { b: 2 })
  assert.deepEqual(moved(['a', 'b', 'c'], 0, 2), ['b', 'c', 'a'])
  assert.equal(pathText(['rows', 0, 'name']), 'rows[0].name')
})

test('what is typed stays of the kind it was, as long as it can', () => {
  assert.deepEqual(
    [readLike(5, '6'), readLike(5, '6x'), readLike('5', '6'), readLike(true, 'false'), readLike(5, '')],
    [6, '6x', '6', false, ''],
  )
})

test('problems stand at their fields, and fields count what is wrong within them', () => {
  const problem = (field: string | null, message: string) => ({
    node: 'n',
    field,
    code: 'x',
    message,
    severity: 'error' as const,
  })
  const problems = problemsBy([
    problem('params.a[0].b', 'one'),
    problem('params.ab', 'two'),
    problem('params', 'whole'),
    problem(null, 'none'),
  ])
  assert.equal(wordsAt(problems, ['a', 0, 'b']), 'one')
  assert.deepEqual([countWithin(problems, ['a']), countWithin(problems, ['a', 0]), countWithin(problems, ['b'])], [1, 1, 0])
})

test('common patterns of times can be chosen, written again as they were, and others stay text', () => {
  for (const pattern of [
    '*/15 * * * *',
    '5 * * * *',
    '0 */2 * * *',
    '30 8 * * *',
    '30 8 * * MON-FRI',
    '0 9 * * MON,WED',
    '0 6 1 * *',
    '0 6 L * *',
    '* * * * *',
  ]) {
    const plan = planOf(pattern)
    assert.ok(plan, pattern)
    assert.equal(patternOf(plan), pattern)
  }
  assert.deepEqual(planOf('@daily'), { every: 'day', time: '00:00' })
  assert.deepEqual(planOf('0 30 8 * * 1-5'), { every: 'week', days: [1, 2, 3, 4, 5], time: '08:30' })
  assert.deepEqual(planOf('0 8 * * SAT-MON'), { every: 'week', days: [1, 6, 0], time: '08:00' })
  for (const other of [
    '',
    'x',
    '0 8 * JAN *',
    '0 8 1 * MON',
    '0 8,9 * * *',
    '5-10 * * * *',
    '10 0 8 * * *',
    '0 8 * * MON#1',
    '*/0 * * * *',
    '61 * * * *',
    '0 0 0 * *',
  ])
    assert.equal(planOf(other), null, other)
  assert.deepEqual(planLike('week', { every: 'day', time: '07:15' }), { every: 'week', days: [1, 2, 3, 4, 5], time: '07:15' })
})

test('a length of time is a number and a unit, or text', () => {
  assert.deepEqual(
    [amountOf('15m'), amountOf('2 hours'), amountOf(90), amountOf('')],
    [
      { count: '15', unit: 'm' },
      { count: '2', unit: 'h' },
      { count: '90', unit: 's' },
      { count: '', unit: 'm' },
    ],
  )
  for (const other of ['1h30m', '2027-05-01', '{{ trigger.wait }}', 'PT15M', 'soon']) assert.equal(amountOf(other), null, other)
  assert.deepEqual([written({ count: ' 3 ', unit: 'd' }), written({ count: '', unit: 'd' })], ['3d', undefined])
  assert.deepEqual(
    [textOfMillis(90_000), textOfMillis(7_200_000), textOfMillis(1500), textOfMillis(86_400_000)],
    ['90s', '2h', '1.5s', '1d'],
  )
  assert.deepEqual(
    [millisOf('1h 30m'), millisOf('1.5s'), millisOf('x'), millisOf('5 parsecs'), millisOf('')],
    [5_400_000, 1500, null, null, null],
  )
})

test('a date without an offset can be picked, one with an offset stays as it is', () => {
  assert.deepEqual(
    [
      pickable('2027-05-01 08:30'),
      pickable('2027-05-01'),
      pickable('2027-05-01T08:30:00Z'),
      pickable('{{ x }}'),
      pickable(undefined),
    ],
    ['2027-05-01T08:30', '2027-05-01T00:00', null, null, ''],
  )
  assert.deepEqual([kept('2027-05-01T08:30'), kept('')], ['2027-05-01 08:30', undefined])
})

test('pairs become an object, and two of the same name are noticed', () => {
  const pairs = [...pairsOf({ a: 1, b: '2' }), { id: 2, name: 'a', value: 3 }, { id: 3, name: ' ', value: 4 }]
  assert.deepEqual(objectOf(pairs), { a: 1, b: '2' })
  assert.deepEqual([...wrongNames(pairs)], [2])
  assert.deepEqual(objectOf([{ id: 0, name: '__proto__', value: 1 }]), JSON.parse('{"__proto__":1}'))
})

test('conditions are read as all or any, and what asks of one value alone has no other side', () => {
  const rule = { left: '{{ a }}', op: 'equals', right: 1 }
  assert.deepEqual(groupOf({ any: [rule] }), { sort: 'any', rules: [rule] })
  assert.deepEqual([groupOf({ all: [], any: [] }), groupOf('x'), groupOf({})], [null, null, { sort: 'all', rules: [] }])
  assert.deepEqual([isGroup({ any: [] }), isGroup(rule)], [true, false])
  assert.deepEqual(writeGroup({ sort: 'any', rules: [] }), undefined)
  assert.deepEqual(withOp(rule, 'isEmpty'), { left: '{{ a }}', op: 'isEmpty' })
  assert.deepEqual(withOp({ left: 1, op: 'isEmpty' }, 'less'), { left: 1, op: 'less', right: '' })
  assert.deepEqual([opsFor(5)[0], opsFor(true)[0], opsFor([])[0], opsFor('x')[0]], ['greater', 'isTrue', 'contains', 'equals'])
  for (const seen of [5, true, [], 'x', undefined]) assert.equal(new Set(opsFor(seen)).size, Object.values(OPS).flat().length)
  assert.deepEqual([isOp('matches'), isOp('toString'), isAlone('exists'), isAlone('in')], [true, false, true, false])
})

test('JSON says in which line it breaks, and that templates want quotes', () => {
  assert.deepEqual([readJson(' '), readJson('{"a": [1]}')], [{ is: 'nothing' }, { is: 'value', value: { a: [1] } }])
  assert.deepEqual(readJson('{\n"a": 1,\n}'), { is: 'wrong', line: 3, hole: false })
  assert.deepEqual(readJson('{"a": {{ x }}}').is === 'wrong' && readJson('{"a": {{ x }}}'), { is: 'wrong', line: 1, hole: true })
  assert.deepEqual([writeJson({ a: 1 }), writeJson(undefined)], ['{"a":1}', ''])
})

test('models stand under their providers, the demo last, and prices are told as exact as they are', () => {
  const model = (id: string, demo = false): Reply<typeof models>['items'][number] => ({
    id,
    provider: id.split('/')[0] ?? '',
    name: id,
    abilities: demo ? ['text'] : ['text', 'images'],
    context: null,
    price: null,
    demo,
    credentialId: null,
  })
  const all = [model('demo/writer', true), model('openai/b'), model('anthropic/a')]
  assert.deepEqual(
    providersOf(all, ['text']).map(one => one.name),
    ['anthropic', 'openai', 'demo'],
  )
  assert.deepEqual(
    providersOf(all, ['images']).map(one => one.name),
    ['anthropic', 'openai'],
  )
  assert.deepEqual(
    [dollars(3), dollars(0.15), dollars(0.0375), dollars(0), dollars(2.5)],
    ['$3', '$0.15', '$0.0375', '$0', '$2.5'],
  )
  assert.deepEqual([tokensOf(1_000_000), tokensOf(128_000), tokensOf(1_048_576), tokensOf(512)], ['1M', '128k', '1M', '512'])
})

test('a list is narrowed by every word', () => {
  const items = [
    { value: 'openai/gpt-5', label: 'GPT-5', group: 'OpenAI' },
    { value: 'ollama/llama3', label: 'Llama 3' },
  ]
  assert.deepEqual(
    narrow(items, 'open gpt').map(one => one.value),
    ['openai/gpt-5'],
  )
  assert.equal(narrow(items, '').length, 2)
  assert.deepEqual([offsetOf('Asia/Tokyo'), offsetOf('Europe/Nowhere')], ['GMT+9', ''])
})

test('code knows what its input is given', () => {
  const names = inputSpots({ prices: '{{ fetch.body }}', deep: { x: 1 } })
  assert.deepEqual(
    names.filter(one => one.within === 'input').map(one => one.name),
    ['prices', 'deep'],
  )
  assert.deepEqual(
    names.filter(one => one.within === 'input.deep').map(one => one.name),
    ['x'],
  )
  assert.ok(names.some(one => one.within === 'console' && one.name === 'log'))
})

test('a credential is made of texts, and what must be there is asked for', () => {
  const kind = {
    id: 'smtp',
    title: 'Mail',
    about: '',
    fields: { required: ['host', 'port'], properties: { host: {}, port: { default: 587 } } },
    secrets: [],
  }
  assert.deepEqual(missingIn(kind, {}), ['host'])
  assert.deepEqual(textsOf({ host: 'x', port: 25, safe: true, none: undefined, empty: '' }), {
    host: 'x',
    port: '25',
    safe: 'true',
  })
  assert.deepEqual(
    kindsOf(['smtp', 'gone'], [{ credentials: [kind] }]).map(one => one.id),
    ['smtp'],
  )
})

const node: Node = { id: 'a', key: 'fetch', block: 'http.request', version: 1, params: { url: 'x' } }

test('settings are a form, and what is not set is not written', () => {
  assert.deepEqual(settingsOf(node), {})
  const full: Node = {
    ...node,
    onError: 'route',
    retry: { attempts: 4, delay: 90_000, jitter: false },
    timeout: 1500,
    cache: { ttl: 3_600_000 },
    askFirst: true,
    notes: 'why',
    tool: { about: 'finds', input: { type: 'object' } },
  }
  const values = settingsOf(full)
  assert.deepEqual([values.delay, values.timeout, values.cache], ['90s', '1.5s', '1h'])
  assert.deepEqual(withSettings(full, values), full)
  assert.deepEqual(withSettings(full, {}), { ...node, retry: { jitter: false } })
  assert.deepEqual(withSettings(node, { timeout: 'soon', cache: '2d', disabled: false }), {
    ...node,
    cache: { ttl: 172_800_000 },
  })
})

test('a trigger has fewer settings, and a tool more', () => {
  const names = (traits: Partial<Parameters<typeof settingsSchema>[1]>) =>
    Object.keys(
      Object(settingsSchema(word => word, { trigger: false, effect: 'pure', tool: false, joins: false, ...traits }).properties),
    )
  assert.deepEqual(names({ trigger: true }), ['disabled', 'notes'])
  assert.ok(names({ tool: true }).includes('toolAbout'))
  assert.equal(names({ effect: 'once' }).includes('cache'), false)
  assert.ok(names({ joins: true }).includes('join'))
})

test('a key must be a name, free, and mean nothing else', () => {
  assert.deepEqual(
    ['ok_1', '', '1a', 'a-b', 'item', 'taken', 'x'.repeat(65)].map(key => wrongKey(key, ['taken'])),
    [null, 'shape', 'shape', 'shape', 'reserved', 'taken', 'shape'],
  )
})
