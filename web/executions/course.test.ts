import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Document } from '#engine/document.ts'
import type { Event } from '#engine/events.ts'
import { follow } from './course.ts'

const DRAWN: Document = {
  name: 'a test',
  nodes: [
    { id: 'n1', key: 'start', block: 'manual.start', version: 1 },
    { id: 'n2', key: 'each', block: 'core.forEach', version: 1 },
    { id: 'n3', key: 'write', block: 'ai.write', version: 1, parent: 'n2' },
    { id: 'n4', key: 'send', block: 'email.send', version: 1 },
    { id: 'n5', key: 'sorry', block: 'email.send', version: 1 },
  ],
  edges: [
    { id: 'e1', source: 'n1', target: 'n2' },
    { id: 'e2', source: 'n2', target: 'n4' },
    { id: 'e3', source: 'n2', sourceHandle: 'error', target: 'n5' },
  ],
}

const course = () => follow(DRAWN, block => (block === 'core.forEach' ? 'list' : null))
const accepted: Event = { type: 'accepted', at: 0, trigger: 'n1', input: { value: {} }, deadline: null }
const opened: Event = {
  type: 'opened',
  at: 10,
  path: 'each',
  list: { value: [1, 2] },
  most: 2,
  atOnce: 1,
  onItemError: 'stop',
}
const written = (turn: number, cost: number | null): Event => ({
  type: 'done',
  at: 500,
  from: 100,
  path: `each[${turn}].write`,
  attempt: 1,
  outlet: 'main',
  output: { value: 'text' },
  usage: [{ model: 'openai/gpt-5', inputTokens: 1, outputTokens: 1, cost }],
})
const turned = (turn: number): Event => ({ type: 'turned', at: 600, path: `each[${turn}]`, result: { value: 1 }, again: false })

const standing = (of: ReturnType<typeof course>) => [...of.standings()].map(([id, { is }]) => `${id} ${is}`)

test('what runs, what waits and what was skipped is known from the journal alone', () => {
  const it = course()
  it.push(accepted)
  assert.deepEqual(standing(it), ['n1 done', 'n2 running', 'n3 waiting', 'n4 waiting', 'n5 waiting'])
  it.push(opened)
  assert.deepEqual(standing(it), ['n1 done', 'n2 running', 'n3 running', 'n4 waiting', 'n5 waiting'])
  for (const turn of [0, 1]) for (const event of [written(turn, 50), turned(turn)]) it.push(event)
  assert.deepEqual(standing(it), ['n1 done', 'n2 done', 'n3 done', 'n4 running', 'n5 skipped'])
})

test('turns are counted, and what they took is summed up; a price that is not known stays unknown', () => {
  const it = course()
  for (const event of [accepted, opened, written(0, 50), turned(0)]) it.push(event)
  const { n2, n3 } = Object.fromEntries(it.standings())
  assert.deepEqual(n2?.turns, { over: 1, all: 2 })
  assert.deepEqual([n3?.done, n3?.took, n3?.cost, n3?.is], [1, 400, 50, 'running'])
  it.push(written(1, null))
  assert.equal(it.standings().get('n3')?.cost, null)
})

test('what a model says is heard once, from its beginning, and is gone when it is done', () => {
  const it = course()
  for (const event of [accepted, opened]) it.push(event)
  const path = 'each[0].write'
  it.hear({ path, at: 0, text: 'Hel' })
  it.hear({ path, at: 3, text: 'lo' })
  it.hear({ path, at: 3, text: 'lo' })
  assert.equal(it.standings().get('n3')?.text, 'Hello')
  it.hear({ path, at: 0, text: 'Anew' })
  assert.equal(it.standings().get('n3')?.text, 'Anew')
  it.push(written(0, 1))
  assert.equal(it.standings().get('n3')?.text, '')
})

test('nothing runs any more when the execution has ended', () => {
  const it = course()
  for (const event of [accepted, opened]) it.push(event)
  it.push({
    type: 'finished',
    at: 900,
    outcome: 'cancelled',
    failure: { code: 'execution.cancelled', message: 'Ada cancelled it.' },
  })
  assert.deepEqual(standing(it), ['n1 done', 'n2 waiting', 'n3 waiting', 'n4 waiting', 'n5 waiting'])
})

test('an attempt that failed and is made again runs; one that failed for good has failed', () => {
  const it = course()
  for (const event of [accepted, opened]) it.push(event)
  const failed = (retryAt: number | null): Event => ({
    type: 'failed',
    at: 300,
    from: 100,
    path: 'each[0].write',
    attempt: 1,
    failure: { code: 'model.busy', message: 'busy' },
    retryAt,
  })
  it.push(failed(400))
  assert.equal(it.standings().get('n3')?.is, 'running')
  it.push(failed(null))
  const { n2, n3 } = Object.fromEntries(it.standings())
  assert.deepEqual([n2?.is, n3?.is, n3?.failure?.code], ['failed', 'failed', 'model.busy'])
})
