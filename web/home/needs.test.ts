import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Item } from '../workflows/list.ts'
import { barsOf, costsOf, dollars, type Run, unmended, upcoming } from './needs.ts'

const run = (id: string, workflowId: string): Run => ({
  id,
  workflowId,
  version: 1,
  status: 'failed',
  trigger: 'manual',
  triggerId: null,
  parentId: null,
  forkedFrom: null,
  userId: null,
  keyId: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  completedAt: null,
  totalNodes: 1,
  completedNodes: 0,
  currentNode: null,
  error: null,
})
const item = (id: string, lastRun: Item['lastRun']): Item => ({
  id,
  lastRun,
  name: id,
  description: '',
  rev: 1,
  live: 1,
  active: true,
  archived: false,
  folderId: null,
  triggers: [],
  nodes: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: null,
  updatedAt: '2026-01-01T00:00:00.000Z',
  updatedBy: null,
})
const at = '2026-01-01T00:00:00.000Z'

test('of each workflow the newest failure is shown, unless it went well since', () => {
  const failed = [run('exe_5', 'a'), run('exe_4', 'b'), run('exe_3', 'a'), run('exe_2', 'c'), run('exe_1', 'gone')]
  const list = [
    item('a', { id: 'exe_5', status: 'failed', at }),
    item('b', { id: 'exe_9', status: 'completed', at }),
    item('c', { id: 'exe_8', status: 'running', at }),
  ]
  assert.deepEqual(
    unmended(failed, list).map(({ id }) => id),
    ['exe_5', 'exe_2', 'exe_1'],
  )
})

test('what is planned comes in its order, and what is off comes never', () => {
  const trigger = (id: string, nextAt: string | null, state: 'on' | 'off' = 'on') => ({
    id,
    workflowId: 'wf',
    nodeId: 'n',
    block: 'schedule.cron',
    kind: 'schedule',
    enabled: true,
    state,
    pausedWhy: null,
    failures: 0,
    secret: null,
    nextAt,
    lastAt: null,
    lastFires: [],
  })
  const list = [trigger('c', '2026-03-01T00:00:00.000Z'), trigger('a', '2026-01-01T00:00:00.000Z'), trigger('x', null)]
  assert.deepEqual(
    upcoming([...list, trigger('y', '2025-01-01T00:00:00.000Z', 'off')]).map(({ id }) => id),
    ['a', 'c'],
  )
})

test('the busiest day is as tall as the chart, and a single failure among thousands can be seen', () => {
  const quiet = { cancelled: 0, open: 0 }
  const [busy, still] = barsOf([
    { day: '2026-01-01', completed: 5000, failed: 1, ...quiet },
    { day: '2026-01-02', completed: 0, failed: 0, ...quiet },
  ])
  assert.ok(busy && busy.tall.completed > 0.99 && busy.tall.failed >= 0.02)
  assert.deepEqual(still?.tall, { completed: 0, failed: 0, other: 0 })
  assert.deepEqual(costsOf(['2026-01-01', '2026-01-02'], [{ key: '2026-01-02', knownCost: 3 }]), [0, 3])
})

test('small sums keep their first digits', () => {
  assert.deepEqual(
    [0, 0.00123, 0.05, 12.5].map(sum => dollars(sum, 'en')),
    ['$0.00', '$0.0012', '$0.05', '$12.50'],
  )
})
