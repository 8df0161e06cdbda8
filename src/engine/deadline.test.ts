import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from './compile.ts'
import { decide, take } from './decide.ts'
import type { Event } from './events.ts'
import { begin, fold } from './fold.ts'
import type { State } from './state.ts'

const plan = compile(
  {
    name: 'a',
    nodes: ['start', 'wait', 'work'].map(key => ({ id: key, key, block: key, version: 1 })),
    edges: [
      { id: '1', source: 'start', target: 'wait' },
      { id: '2', source: 'wait', target: 'work' },
    ],
  },
  node => ({ outlets: ['main'], effect: 'pure', loop: null, trigger: node.key === 'start' }),
)

/** The state after these events, each taken up before it happened. */
function after(...events: Event[]): State {
  const state = begin(plan)
  for (const event of events) {
    for (const command of decide(state, event.at, 0)) take(state, command)
    fold(state, event)
  }
  return state
}

const accepted: Event = { type: 'accepted', at: 0, trigger: 'start', input: { value: null }, deadline: 1_000 }
const suspended: Event = {
  type: 'suspended',
  at: 100,
  from: 90,
  path: 'wait',
  attempt: 1,
  wait: { kind: 'approval', until: null },
}
const heard: Event = { type: 'done', at: 90_000, from: 90_000, path: 'wait', attempt: 1, outlet: 'main', output: { value: 1 } }

test('the time a workflow may work stands still while it only waits', () => {
  const state = after(accepted, suspended)
  assert.deepEqual(decide(state, 50_000, 0), [])
  fold(state, heard)
  assert.equal(state.deadline, 1_000 + 89_900)
  assert.equal(decide(state, 90_899, 0)[0]?.do, 'run')
  assert.deepEqual(decide(state, 90_900, 0), [
    {
      do: 'finish',
      outcome: 'failed',
      failure: { code: 'execution.timeout', message: 'The execution took longer than its workflow allows.' },
    },
  ])
})

test('time in which nobody worked on it does not count, and a retry has all of it again', () => {
  assert.equal(after(accepted, { type: 'resumed', at: 70_000 }).deadline, 71_000)
  const failed: Event = {
    type: 'failed',
    at: 900,
    from: 800,
    path: 'wait',
    attempt: 1,
    failure: { code: 'a.b', message: 'no' },
    retryAt: null,
  }
  assert.equal(after(accepted, failed, { type: 'revived', at: 5_000, by: 'somebody' }).deadline, 6_000)
})
