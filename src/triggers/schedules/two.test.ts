import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { until } from '#executions/testing.ts'
import type { TestServer } from '#testing.ts'
import { type Scene, type Schedule, setScene, startTower } from './testing.ts'

const SECOND = 1_000
const START = Date.parse('2027-10-01T10:00:00.000Z')
const COUNT = 12

const [, postgres] = databases()

describe('two processes on one database', { skip: postgres?.skip }, () => {
  let where: Where
  let it: Scene
  let other: TestServer
  before(async () => {
    where = (await postgres?.place()) ?? assert.fail()
    it = await setScene(where)
    other = await startTower(where, it.hands)
  })
  after(async () => {
    await other.stop()
    await it.close()
  })

  const starts = (all: Schedule[]) =>
    it.tower.world.db
      .selectFrom('fires')
      .innerJoin('executions', 'executions.id', 'fires.execution_id')
      .select(['fires.trigger_id', 'fires.slot_at', 'executions.id'])
      .where(
        'fires.trigger_id',
        'in',
        all.map(({ trigger }) => trigger),
      )
      .execute()

  test('start every time once, and none of them twice', async () => {
    it.hands.set(START)
    const all: Schedule[] = []
    for (let nth = 0; nth < COUNT; nth += 1) all.push(await it.schedule({ cron: '* * * * * *', missed: 'all' }))
    for (let seconds = 1; seconds <= 30; seconds += 3) {
      it.hands.set(START + seconds * SECOND)
      await until(`second ${seconds}`, async () => (await starts(all)).length === COUNT * seconds)
    }
    const found = await starts(all)
    assert.equal(new Set(found.map(({ trigger_id, slot_at }) => `${trigger_id} ${slot_at}`)).size, found.length)
    const rows = await it.tower.world.db
      .selectFrom('executions')
      .select('id')
      .where(
        'trigger_id',
        'in',
        all.map(({ trigger }) => trigger),
      )
      .execute()
    assert.equal(rows.length, found.length, 'nothing was started without a line')
    for (const { workflow } of all) await it.post(`/api/workflows/${workflow}/deactivate`)
  })

  test('that both have missed the same times make up for them once', async () => {
    it.hands.set(START)
    const all: Schedule[] = []
    for (let nth = 0; nth < COUNT; nth += 1)
      all.push(await it.schedule({ cron: '* * * * *', missed: nth % 2 === 0 ? 'once' : 'all' }))
    it.hands.set(START + 605 * SECOND + 60 * SECOND)
    await until('all have been made up for', async () => (await starts(all)).length === (COUNT / 2) * (1 + 11))
    await it.settle()
    assert.equal((await starts(all)).length, (COUNT / 2) * 12)
    for (const { workflow } of all) await it.post(`/api/workflows/${workflow}/deactivate`)
  })

  test('let those that wait begin one after the other', async () => {
    it.hands.set(START)
    const ask = { key: 'ask', block: 'core.approve', params: { title: 'May it end?' } }
    const one = await it.schedule(
      { cron: '* * * * *', overlap: 'queue', missed: 'all' },
      { nodes: [ask], edges: ['clock -> ask'] },
    )
    it.hands.set(START + 300 * SECOND)
    await until('one has begun and four wait', async () => (await it.ledger(one)).length === 5)
    for (let done = 1; done <= 5; done += 1) {
      await until(`${done} have begun`, async () => (await it.executions(one)).length === done)
      await until('it rests', async () => (await it.executions(one)).at(-1)?.status === 'paused')
      const { items } = await it.get('/api/approvals?limit=200')
      await it.post(`/api/approvals/${items.at(-1).id}`, { decision: 'approved' })
    }
    await until('all have ended', async () => (await it.executions(one)).every(({ status }) => status === 'completed'))
    assert.deepEqual(
      (await it.executions(one)).map(({ input }) => input.scheduledAt),
      [1, 2, 3, 4, 5].map(nth => new Date(START + nth * 60 * SECOND).toISOString()),
    )
    await it.post(`/api/workflows/${one.workflow}/deactivate`)
  })
})
