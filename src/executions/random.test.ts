import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { Flushed, Group } from '#db/db.ts'
import { databases, type Where } from '#db/testing.ts'
import type { Held } from '#engine/events.ts'
import { begin as blank, fold } from '#engine/fold.ts'
import { lastOf } from '#engine/state.ts'
import { makeMetrics } from '#http/metrics.ts'
import { settle } from '#workflows/document.ts'
import { keepSnapshot } from '#workflows/versions/snapshot.ts'
import { readJournal } from './own.ts'
import { startRunner } from './runner.ts'
import {
  type Box,
  type Drawing,
  documentOf,
  type Engine,
  halt,
  type Published,
  publishAt,
  type Service,
  startEngine,
  startService,
} from './testing.ts'

const LIMITS = { atOnce: 200, writes: 20_000, backlog: 100_000, quota: 25_000, age: 3_600_000, lease: 1e9 }

let where: Where
let engine: Engine
let service: Service
let workflow: Published
let workflowId = ''
before(async () => {
  // What is called outside is written before and after, so that there are writes to die at.
  service = await startService(({ body }) => ({ body: { v: Number(Reflect.get(Object(body), 'n')) } }))
  where = (await databases()[0]?.place()) ?? assert.fail()
  workflow = await publishAt(where, { nodes: [{ key: 'start', block: 'manual.start' }], edges: [] })
  // Time flies: after a few nodes the others are let in, and what has happened is written.
  let passed = 0
  engine = await startEngine(where, LIMITS, {
    now() {
      passed += 5
      return Date.now() + passed
    },
  })
  const row = await engine.world.db.selectFrom('workflows').select('id').executeTakeFirstOrThrow()
  workflowId = row.id
})
after(async () => {
  await engine.stop()
  await service.close()
  await where.drop()
})

/** A node to be drawn: what it is, where it stands, what leads to it, and a number to be different by. */
const drafts = fc.array(
  fc.record({
    block: fc.constantFrom('set', 'call', 'if', 'forEach', 'repeat'),
    home: fc.nat(),
    from: fc.array(fc.nat(), { minLength: 1, maxLength: 2 }),
    n: fc.integer({ min: 1, max: 4 }),
    side: fc.boolean(),
    // Who runs at the first of several ways may find that another is not there yet.
    join: fc.constant('all' as const),
  }),
  { minLength: 3, maxLength: 12 },
)

/** Edges lead forward, containers hold two levels, and every node reads what leads to it. */
const drawings = drafts.map((list): Drawing => {
  const nodes: Box[] = [{ key: 'start', block: 'manual.start' }]
  const edges: string[] = []
  list.forEach(({ block, home, from, n, side, join }, at) => {
    const containers = nodes.filter(
      one => /forEach|repeat/.test(one.block) && !nodes.some(other => other.key === one.parent && other.parent),
    )
    const parent = [undefined, undefined, ...containers.map(one => one.key)][home % (containers.length + 2)]
    const before = nodes.filter(one => one.parent === parent)
    const sources = [...new Set(from.map(one => before[one % before.length]))].filter(one => one !== undefined)
    const key = `k${at}`
    const read =
      sources[0] && sources[0].key !== 'start'
        ? `${sources[0].key}.${sources[0].block === 'http.request' ? 'body.v' : 'v'}`
        : parent
          ? 'index'
          : 'trigger.n'
    nodes.push({ key, ...(parent ? { parent } : {}), join, ...boxOf(block, read, n) })
    for (const { key: source, block } of sources)
      edges.push(`${source}${block === 'core.if' ? (side ? ':yes' : ':no') : ''} -> ${key}`)
  })
  return { nodes, edges }
})

function boxOf(block: string, read: string, n: number): { block: string; params: Record<string, unknown> } {
  const value = `{{ ${read} | plus: ${n} }}`
  if (block === 'if') return { block: 'core.if', params: { all: [{ left: value, op: 'greater', right: n + 1 }] } }
  if (block === 'forEach')
    return {
      block: 'core.forEach',
      params: { list: Array.from({ length: n + 1 }, (_, at) => at * n), concurrency: n, result: '{{ index }}' },
    }
  if (block === 'repeat')
    return { block: 'core.repeat', params: { until: { all: [{ left: '{{ index }}', op: 'greaterOrEqual', right: n }] }, max: 9 } }
  if (block === 'call') return { block: 'http.request', params: { method: 'PUT', url: service.url, body: { n: value } } }
  return { block: 'core.set', params: { fields: { v: value, item: '{{ item }}' } } }
}

async function published(drawing: Drawing): Promise<Published> {
  const document = settle(await parsed(drawing), engine.world.library)
  return { ...workflow, version: await keepSnapshot(engine.world, workflow.workspace, workflowId, document) }
}

async function parsed(drawing: Drawing) {
  const { GivenDocument } = await import('#workflows/contract.ts')
  return GivenDocument.parse(documentOf(drawing))
}

/** Runs it on a database that dies at its n-th write, and then on one that lives. How it ended, and how many writes there were. */
async function run(of: Published, n: number, how: 'before' | 'after') {
  const { database, db } = engine.world
  const flush = database.flush
  let writes = 0
  const died = Promise.withResolvers<void>()
  database.flush = async (groups: readonly Group[]): Promise<Flushed[]> => {
    writes += 1
    if (writes === n && how === 'after') await flush(groups)
    if (writes < n) return flush(groups)
    died.resolve()
    return new Promise(() => {})
  }
  const ready = await engine.runner.shell.plans.load(of.workspace, of.version)
  const id = engine.world.ids.next('exe')
  const wanted = {
    id,
    workspace: of.workspace,
    ready,
    start: 'manual',
    triggerId: null,
    nodeId: 'start',
    lane: 1,
    parent: null,
    forkedFrom: null,
  }
  const going = engine.runner.accept(wanted, { n: 1 }).then(({ run }) => run?.ended.promise)
  await Promise.race([going, died.promise])
  if (writes >= n) {
    halt(engine.runner)
    await engine.runner.stop()
  }
  database.flush = flush
  if (writes >= n) engine.runner = await startRunner({ ...engine.world, metrics: makeMetrics() }, LIMITS)
  const row = () => db.selectFrom('executions').selectAll().where('id', '=', id).executeTakeFirst()
  let it = await row()
  for (const late = Date.now() + 10_000; it && it.ended_at === null; it = await row()) {
    assert.ok(Date.now() < late, JSON.stringify(it))
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  if (!it) return { writes, end: null }
  const events = await readJournal(engine.runner.shell, id)
  const state = blank(ready.plan)
  for (const event of events) fold(state, event)
  // Of an answer from outside the headers tell the time.
  const told = (held: Held) => JSON.stringify(held, (name, value) => (name === 'headers' ? undefined : value))
  const cells = state.frames
    .get('')
    ?.cells.map(({ node, is, outlet, output }) => ({ key: node.key, is, outlet, output: told(output) }))
  const paths = events.flatMap(event => (event.type === 'done' || event.type === 'turned' ? [`${event.type} ${event.path}`] : []))
  assert.equal(new Set(paths).size, paths.length, `twice: ${paths}`)
  return { writes, end: { status: it.status, failure: it.failure, last: told(lastOf(state, state.frames.get(''))), cells } }
}

test('whatever is drawn, and at whichever write the database dies, it ends as if nothing had happened', {
  timeout: 120_000,
}, async context => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
  context.diagnostic(`seed ${seed}`)
  let most = 0
  await fc.assert(
    fc.asyncProperty(drawings, fc.nat(), fc.constantFrom('before' as const, 'after' as const), async (drawing, at, how) => {
      const of = await published(drawing)
      const whole = await run(of, Number.POSITIVE_INFINITY, 'before')
      assert.ok(whole.end)
      most = Math.max(most, whole.writes)
      const n = 1 + (at % whole.writes)
      const again = await run(of, n, how)
      if (again.end === null) assert.ok(n === 1 && how === 'before', 'it was accepted and is gone')
      else assert.deepEqual(again.end, whole.end)
    }),
    { numRuns: 30, seed, endOnFailure: true },
  )
  context.diagnostic(`up to ${most} writes`)
})
