import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from './compile.ts'
import { decide, take } from './decide.ts'
import type { Document, Traits } from './document.ts'
import type { Event } from './events.ts'
import { begin, fold } from './fold.ts'
import { cellAt, pathOf, type State } from './state.ts'

const TRAITS: Record<string, Traits> = {
  start: { outlets: ['main'], effect: 'pure', loop: null, trigger: true },
  agent: { outlets: ['main'], effect: 'repeatable', loop: 'calls', trigger: false },
  tool: { outlets: ['main'], effect: 'once', loop: null, trigger: false },
}

/** An agent with two tools, one of which goes on to a second node. */
const DRAWN: Document = {
  name: 'a test',
  nodes: [
    { id: 'n1', key: 'start', block: 'start', version: 1 },
    { id: 'n2', key: 'agent', block: 'agent', version: 1 },
    { id: 'n3', key: 'look', block: 'tool', version: 1, parent: 'n2' },
    { id: 'n4', key: 'buy', block: 'tool', version: 1, parent: 'n2', askFirst: true },
    { id: 'n5', key: 'tell', block: 'tool', version: 1, parent: 'n2' },
  ],
  edges: [
    { id: 'e1', source: 'n1', target: 'n2' },
    { id: 'e2', source: 'n4', target: 'n5' },
  ],
}

const happened = (events: Event[]): State => {
  const state = begin(compile(DRAWN, node => TRAITS[node.block] ?? null))
  for (const event of events) fold(state, event)
  return state
}

/** What may begin now, taken up. */
function next(state: State): string[] {
  return decide(state, 0, 0).flatMap(command => {
    take(state, command)
    return command.do === 'run' ? [pathOf(command.cell)] : command.do === 'turn' ? [`end ${command.frame.path}`] : []
  })
}

const ACCEPTED: Event = { type: 'accepted', at: 0, trigger: 'n1', input: { value: null }, deadline: null }
const called = (calls: string[], atOnce = 4): Event => ({
  type: 'called',
  at: 0,
  from: 0,
  path: 'agent',
  attempt: 1,
  said: { value: `wants ${calls.join(' and ')}` },
  calls: calls.map((node, at) => ({ node, item: { value: at } })),
  atOnce,
})
const done = (path: string): Event => ({
  type: 'done',
  at: 0,
  from: 0,
  path,
  attempt: 1,
  outlet: 'main',
  output: { value: path },
})
const turned = (path: string): Event => ({ type: 'turned', at: 0, path, result: { value: `${path}!` }, again: false })

test('a container runs the nodes it calls for, one turn for each, and what follows them; then it is run again', () => {
  const state = happened([ACCEPTED])
  assert.deepEqual(next(state), ['agent'])
  fold(state, called(['look', 'look', 'buy']))
  assert.deepEqual(next(state), ['agent[0].look', 'agent[1].look', 'agent[2].buy'])
  for (const path of ['agent[1].look', 'agent[2].buy', 'agent[0].look']) fold(state, done(path))
  assert.deepEqual(next(state).toSorted(), ['agent[2].tell', 'end agent[0]', 'end agent[1]'])
  fold(state, turned('agent[1]'))
  fold(state, turned('agent[0]'))
  assert.deepEqual(next(state), [], 'not before all have ended')
  fold(state, done('agent[2].tell'))
  assert.deepEqual(next(state), ['end agent[2]'])
  fold(state, turned('agent[2]'))
  assert.deepEqual(next(state), ['agent'])
  fold(state, called(['look']))
  assert.deepEqual(next(state), ['agent[3].look'], 'turns are counted on')
  const turns = cellAt(state, 'agent')?.turns
  assert.deepEqual(
    turns?.rounds.map(round => round.before),
    [0, 3],
  )
  assert.deepEqual(turns?.results.slice(0, 3), [{ value: 'agent[0]!' }, { value: 'agent[1]!' }, { value: 'agent[2]!' }])
})

test('a call that fails is a result like any other', () => {
  const state = happened([ACCEPTED])
  next(state)
  fold(state, called(['look']))
  next(state)
  const failure = { code: 'test.failed', message: 'no' }
  fold(state, { type: 'failed', at: 0, from: 0, path: 'agent[0].look', attempt: 1, failure, retryAt: null })
  assert.deepEqual(next(state), ['agent'])
  assert.deepEqual(cellAt(state, 'agent')?.turns?.results, [{ value: { error: { path: 'agent[0].look', ...failure } } }])
})

test('only so many calls run at once, and a round without calls is over at once', () => {
  const state = happened([ACCEPTED])
  next(state)
  fold(state, called(['look', 'buy', 'look'], 1))
  assert.deepEqual(next(state), ['agent[0].look'])
  fold(state, done('agent[0].look'))
  next(state)
  fold(state, turned('agent[0]'))
  assert.deepEqual(next(state), ['agent[1].buy'])
  const other = happened([ACCEPTED])
  next(other)
  fold(other, called([]))
  assert.deepEqual(next(other), ['agent'])
})

test('what must be asked for waits, and begins when it was allowed; the next call of it is asked for anew', () => {
  const state = happened([ACCEPTED])
  next(state)
  fold(state, called(['buy']))
  next(state)
  const path = 'agent[0].buy'
  fold(state, { type: 'suspended', at: 0, from: 0, path, attempt: 1, wait: { kind: 'permission', until: null } })
  assert.deepEqual(next(state), [])
  fold(state, { type: 'allowed', at: 0, path, by: 'ada@example.org' })
  assert.equal(cellAt(state, path)?.allowed, true)
  assert.deepEqual(next(state), [path])
  fold(state, done(path))
  next(state)
  fold(state, done('agent[0].tell'))
  next(state)
  fold(state, turned('agent[0]'))
  next(state)
  fold(state, called(['buy']))
  assert.equal(cellAt(state, 'agent[1].buy')?.allowed, false)
})

test('a node that calls and then fails for good goes on, when it is revived, with what it knew', () => {
  const state = happened([ACCEPTED])
  next(state)
  fold(state, called(['look']))
  next(state)
  fold(state, done('agent[0].look'))
  next(state)
  fold(state, turned('agent[0]'))
  next(state)
  const failure = { code: 'test.failed', message: 'no' }
  fold(state, { type: 'failed', at: 0, from: 0, path: 'agent', attempt: 1, failure, retryAt: null })
  fold(state, { type: 'finished', at: 0, outcome: 'failed', failure })
  fold(state, { type: 'revived', at: 0, by: 'ada@example.org' })
  assert.deepEqual(next(state), ['agent'])
  assert.equal(cellAt(state, 'agent')?.turns?.rounds.length, 1)
})
