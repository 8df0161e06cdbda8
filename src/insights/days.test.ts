import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Stage, setStage } from '#executions/testing.ts'
import { idAt } from '#ids.ts'
import { register } from '#testing.ts'

const DAY = 86_400_000
const START = { key: 'start', block: 'manual.start' }

for (const kind of databases()) {
  describe(`executions day by day (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    before(async () => {
      it = await setStage(await kind.place(), { OPEN_SIGNUP: 'true' })
    })
    after(() => it.close())

    const today = () => new Date().toISOString().slice(0, 10)

    /** Gives an execution the id and time of an earlier day. */
    async function putBack(id: string, days: number): Promise<void> {
      const { db } = it.server.world
      const at = Date.now() - days * DAY
      const row = await db.selectFrom('executions').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      const old = `${idAt('exe', at)}${id.slice(-16)}`
      await db
        .insertInto('executions')
        .values({ ...row, id: old, created_at: at })
        .execute()
      await db.deleteFrom('executions').where('id', '=', id).execute()
    }

    test('are counted by what became of them, with the days on which nothing was', async () => {
      const well = await it.publish({ nodes: [START], edges: [] })
      const bad = await it.publish({
        nodes: [START, { key: 'end', block: 'core.stop', params: { outcome: 'failed', message: 'no' } }],
        edges: ['start -> end'],
      })
      const asks = await it.publish({
        nodes: [START, { key: 'ask', block: 'core.approve', params: { title: 'Go on?' } }],
        edges: ['start -> ask'],
      })
      await it.run(well)
      await it.run(well)
      assert.equal((await it.run(bad)).status, 'failed')
      assert.equal((await it.run(asks)).status, 'paused')
      const waits = await it.run(asks)
      await it.post(`/api/executions/${waits.id}/cancel`)
      await it.until(waits.id, 'cancelled')
      await putBack((await it.run(well)).id, 3)
      await putBack((await it.run(bad)).id, 13)
      await putBack((await it.run(well)).id, 14)

      const { items, from, to } = await it.get('/api/insights/executions')
      assert.deepEqual([items.length, items[0].day, items[13].day], [14, from, to])
      assert.equal(to, today())
      const quiet = { completed: 0, failed: 0, cancelled: 0, open: 0 }
      assert.deepEqual(items[13], { day: to, completed: 2, failed: 1, cancelled: 1, open: 1 })
      assert.deepEqual(items[10], { ...quiet, day: items[10].day, completed: 1 })
      assert.deepEqual(items[0], { ...quiet, day: from, failed: 1 })
      assert.deepEqual(items[5], { ...quiet, day: items[5].day })
      assert.equal((await it.get('/api/insights/executions?days=15')).items[0].completed, 1)
    })

    test('are those of the own workspace', async () => {
      const stranger = await register(it.server, 'elsewhere@example.org')
      const { body } = await it.server.send('/api/insights/executions?days=30', { token: stranger })
      assert.ok(body.items.every((one: Record<string, number>) => one.completed === 0 && one.failed === 0 && one.open === 0))
    })
  })
}
