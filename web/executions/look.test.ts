import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event, Held } from '#engine/events.ts'
import { draw } from '../canvas/testing.ts'
import { entriesBefore, placesOf } from './attempts.ts'
import { pairsOf } from './compare.ts'
import { follow } from './course.ts'
import { filterOf, type Item, joined, tookOf } from './filter.ts'
import { orderOf } from './order.ts'
import { costOf, phaseOf } from './phase.ts'
import { linesOf, turnsOf } from './talk.ts'

const accepted: Event = { type: 'accepted', at: 0, trigger: 'a', input: { value: {} }, deadline: null }
const done = (path: string, output: Held, attempt = 1): Event => ({
  type: 'done',
  at: 20,
  from: 10,
  path,
  attempt,
  outlet: 'main',
  output,
})
const failed = (path: string, attempt: number, retryAt: number | null): Event => ({
  type: 'failed',
  at: 15,
  from: 5,
  path,
  attempt,
  failure: { code: 'http.status', message: '500' },
  retryAt,
  lines: ['asked'],
})
const finished: Event = { type: 'finished', at: 30, outcome: 'completed', failure: null }

test('every attempt of a node is told, turn by turn, with what it logged', () => {
  const events = [
    accepted,
    failed('each[0].b', 1, 9),
    done('each[0].b', { value: 1 }, 2),
    done('each[1].b', { value: 2 }),
    done('c', { value: 3 }),
  ]
  const places = placesOf(events, 'b')
  assert.deepEqual(
    places.map(({ path, attempts }) => [path, attempts.map(({ is }) => is)]),
    [
      ['each[0].b', ['retrying', 'done']],
      ['each[1].b', ['done']],
    ],
  )
  assert.deepEqual(places[0]?.attempts[0]?.lines, ['asked'])
  assert.equal(entriesBefore(events, 'each[1].b', 1), 2)
})

test('what waits for a person waits in the same attempt that goes on afterwards', () => {
  const waits: Event = { type: 'suspended', at: 10, from: 5, path: 'b', attempt: 1, wait: { kind: 'permission', until: null } }
  assert.deepEqual(
    placesOf([accepted, waits], 'b')[0]?.attempts.map(({ is }) => is),
    ['allowing'],
  )
  const places = placesOf([accepted, waits, { type: 'allowed', at: 11, path: 'b', by: 'ada' }, done('b', { value: 1 })], 'b')
  assert.deepEqual(
    places[0]?.attempts.map(({ is }) => is),
    ['done'],
  )
})

test('a conversation is read with its calls, what came of them, and what was refused', () => {
  const said = {
    text: 'Let me look.',
    parts: [
      { is: 'text', text: 'Let me look.' },
      { is: 'call', id: '1', tool: 'find', input: { q: 'x' } },
      { is: 'call', id: '2', tool: 'erase', input: {} },
    ],
    refused: { '2': 'There is no such tool.' },
    opening: { system: 'Be brief.', messages: [{ role: 'user', parts: [{ is: 'text', text: 'Find x' }] }] },
  }
  const called: Event = {
    type: 'called',
    at: 10,
    from: 5,
    path: 'agent',
    attempt: 1,
    said: { value: said },
    calls: [{ node: 'find', item: { value: { q: 'x' } } }],
    atOnce: 1,
  }
  const turned: Event = { type: 'turned', at: 12, path: 'agent[0]', result: { value: 'found' }, again: false }
  const [turn] = turnsOf([accepted, called, turned], 'agent')
  assert.deepEqual(turn?.calls[0]?.result, { value: 'found' })
  assert.deepEqual(linesOf(said), [
    { is: 'system', text: 'Be brief.' },
    { is: 'user', text: 'Find x' },
    { is: 'assistant', text: 'Let me look.' },
    { is: 'call', tool: 'find', input: { q: 'x' }, refused: null, order: 0 },
    { is: 'call', tool: 'erase', input: {}, refused: 'There is no such tool.', order: null },
  ])
  assert.equal(linesOf({ something: 'else' }), null)
})

const drawing = draw('start:a step:b step:c a>b b>c')
const sideOf = (events: Event[], it = drawing) => {
  const course = follow(it, () => null)
  for (const event of events) course.push(event)
  return { drawing: it, events, standings: course.standings() }
}

test('two executions differ where a node ended otherwise, put out something else, or is in one alone', () => {
  const left = sideOf([accepted, done('b', { value: 1 }), done('c', { value: 2 }), finished])
  const right = sideOf(
    [accepted, done('b', { value: 1 }), failed('c', 1, null)],
    draw('start:a step:b step:c step:d a>b b>c c>d'),
  )
  assert.deepEqual(
    pairsOf(left, right).map(({ key, differs }) => [key, differs]),
    [
      ['a', []],
      ['b', []],
      ['c', ['outcome', 'output']],
      ['d', ['there']],
    ],
  )
})

test('how it stands follows from the journal: queued, running, paused, ended', () => {
  const phase = (events: Event[]) => phaseOf(events, sideOf(events).standings)
  const waits: Event = { type: 'suspended', at: 10, from: 5, path: 'b', attempt: 1, wait: { kind: 'approval', until: null } }
  assert.deepEqual(
    [phase([]), phase([accepted]), phase([accepted, waits]), phase([accepted, finished])],
    ['queued', 'running', 'paused', 'completed'],
  )
  assert.equal(costOf([accepted]), 0)
})

test('nodes are told in the order in which they run, what is in a container behind it', () => {
  const it = draw('step:z start:a each:e step:in@e a>e e>z')
  assert.deepEqual(
    orderOf(it).map(({ key }) => key),
    ['a', 'e', 'in', 'z'],
  )
  assert.deepEqual(
    orderOf(draw('step:x step:y x>y y>x')).map(({ key }) => key),
    ['x', 'y'],
  )
})

const item = (id: string, status: Item['status'] = 'completed'): Item => ({
  id,
  workflowId: 'w',
  version: 1,
  status,
  trigger: 'api',
  triggerId: null,
  parentId: null,
  forkedFrom: null,
  userId: null,
  keyId: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: '2026-01-01T00:00:01.000Z',
  completedAt: null,
  totalNodes: 1,
  completedNodes: 1,
  currentNode: null,
  error: null,
})
const ids = (items: readonly Item[]) => items.map(({ id, status }) => `${id} ${status}`)

test('what is new stands on top, each execution once and as it was read last', () => {
  const known = [item('e3', 'running'), item('e2'), item('e1')]
  assert.deepEqual(ids(joined([item('e4', 'queued'), item('e3')], known, true).items), [
    'e4 queued',
    'e3 completed',
    'e2 completed',
    'e1 completed',
  ])
  assert.equal(joined([item('e9'), item('e8')], known, true).gap, true)
  assert.equal(joined([item('e4'), item('e3')], known, true).gap, false)
})

test('a filter of nonsense filters nothing, and time goes on until the end', () => {
  assert.deepEqual(filterOf({ status: 'odd', workflow: '', dead: true, trigger: 'api' }), { trigger: 'api', dead: true })
  assert.equal(tookOf(item('e'), Date.parse('2026-01-01T00:00:03.000Z')), 2_000)
  assert.equal(tookOf({ startedAt: null, completedAt: null }, 0), null)
})
