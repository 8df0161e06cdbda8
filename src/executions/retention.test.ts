import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { databases, type Where } from '#db/testing.ts'
import { sweep } from '#uploads/sweep.ts'
import { forgetExecutions } from './retention.ts'
import { type Drawing, type Gate, type Stage, setStage, startGate } from './testing.ts'

const DAY = 86_400_000
const START = { key: 'start', block: 'manual.start' }

describe('what is kept of executions', { concurrency: true }, () => {
  for (const kind of databases()) {
    describe(`(${kind.name})`, { skip: kind.skip, concurrency: false }, () => {
      let where: Where
      let it: Stage
      let service: Gate
      before(async () => {
        where = await kind.place()
        it = await setStage(where)
        service = await startGate()
      })
      after(async () => {
        await it.close()
        await service.close()
      })

      /** The world as it will be in some days. */
      const inDays = (days: number) => ({ ...it.server.world, clock: { now: () => Date.now() + days * DAY } })
      const asking = (retention: object): Drawing => ({
        nodes: [
          START,
          { key: 'copy', block: 'core.set', params: { fields: { text: '{{ trigger.text }}' } } },
          { key: 'ask', block: 'core.approve', params: { title: 'Go on?' } },
        ],
        edges: ['start -> copy', 'copy -> ask'],
        settings: { retention },
      })
      const plain = (retention: object): Drawing => ({
        ...asking(retention),
        nodes: asking(retention).nodes.slice(0, 2),
        edges: ['start -> copy'],
      })
      const idsOf = async (workflow: string) =>
        (await it.get(`/api/executions?workflowId=${workflow}&limit=200`)).items.map((one: { id: string }) => one.id)
      async function traces(ids: string[]) {
        const { db } = it.server.world
        const count = async (rows: Promise<object[]>) => (await rows).length
        return {
          journal: await count(db.selectFrom('journal').select('seq').where('execution_id', 'in', ids).execute()),
          waits: await count(db.selectFrom('waits').select('id').where('execution_id', 'in', ids).execute()),
          values: await count(db.selectFrom('held_values').select('hash').where('execution_id', 'in', ids).execute()),
        }
      }
      const approve = async (execution: string) => {
        const { items } = await it.get(`/api/approvals?executionId=${execution}`)
        await it.post(`/api/approvals/${items[0].id}`, { decision: 'approved' })
      }

      test('more than a workflow keeps are deleted with everything of theirs; those that go on stay', async () => {
        const workflow = await it.publish(asking({ days: 365, runs: 3 }))
        const ids: string[] = []
        for (let at = 0; at < 7; at += 1) ids.push((await it.run(workflow, { text: `${at}`.repeat(100_000) })).id)
        const [open = '', ...others] = ids
        for (const id of others) {
          await approve(id)
          await it.until(id, 'completed')
        }
        const gone = others.slice(0, 3)
        const before = await traces(gone)
        assert.ok(before.journal >= 6 && before.waits === 3 && before.values >= 3, JSON.stringify(before))
        assert.equal(await forgetExecutions(it.server.world), 3)
        assert.deepEqual(await idsOf(workflow), [...others.slice(3).toReversed(), open])
        assert.deepEqual(await traces(gone), { journal: 0, waits: 0, values: 0 })
        await approve(open)
        assert.equal((await it.until(open, 'completed')).status, 'completed')
        assert.equal(await forgetExecutions(it.server.world), 1)
      })

      test('those that are older than a workflow keeps are deleted, and the disk is given back', async () => {
        const workflow = await it.publish(plain({ days: 2, runs: 1_000 }))
        const other = await it.publish(plain({ days: 30, runs: 1_000 }))
        const text = 'x'.repeat(50_000)
        const old = await Promise.all(Array.from({ length: 60 }, () => it.start(workflow, { text })))
        const kept = await it.run(other, { text })
        for (const id of old) await it.until(id, 'completed')
        const size = async () => (await stat(join(where.dir, 'database.sqlite'))).size
        await forgetExecutions(inDays(1))
        assert.equal((await idsOf(workflow)).length, 60, 'not yet')
        // What stands beside the file is brought into it when it is closed.
        await it.restart()
        const before = kind.name === 'sqlite' ? await size() : 0
        assert.ok((await forgetExecutions(inDays(3))) >= 60)
        assert.deepEqual([await idsOf(workflow), await idsOf(other)], [[], [kept.id]])
        await it.restart()
        if (kind.name === 'sqlite') assert.ok((await size()) < before - 3_000_000, `${before} ${await size()}`)
      })

      test('bytes of large values go when no execution holds them any more, and not before', async () => {
        const short = await it.publish(plain({ days: 1, runs: 1_000 }))
        const long = await it.publish(plain({ days: 300, runs: 1_000 }))
        const shared = 'shared '.repeat(30_000)
        const [one, other] = [await it.run(short, { text: shared }), await it.run(long, { text: shared })]
        const own = await it.run(short, { text: 'own '.repeat(50_000) })
        const { db, files } = it.server.world
        const hashes = async (id: string) =>
          (await db.selectFrom('held_values').select(['hash', 'workspace_id']).where('execution_id', '=', id).execute()).map(
            row => ({ ...row }),
          )
        const there = (all: { hash: string; workspace_id: string }[]) =>
          Promise.all(all.map(it => files.has(it.workspace_id, it.hash)))
        const [common, alone] = [await hashes(other.id), await hashes(own.id)]
        assert.ok(common.length > 0 && alone.length > 0)
        await sweep(inDays(2))
        assert.ok([...(await there(common)), ...(await there(alone))].every(Boolean), 'they are held')
        await forgetExecutions(inDays(4))
        await it.server.send(`/api/executions/${one.id}`, { token: it.token }).then(({ status }) => assert.equal(status, 404))
        await sweep(inDays(4))
        assert.ok((await there(common)).every(Boolean), 'another one holds them')
        assert.ok(
          (await there(alone)).every(found => !found),
          'nobody holds them',
        )
        // Read anew, not from memory.
        await it.restart()
        const { output } = await it.get(`/api/executions/${other.id}`)
        assert.equal(output.text, shared)
        await forgetExecutions(inDays(400))
        await sweep(inDays(400))
        assert.ok((await there(common)).every(found => !found))
      })

      test('what is sent to one that waits for something else first is kept for it', async () => {
        const workflow = await it.publish({
          nodes: [
            START,
            {
              key: 'tell',
              block: 'http.request',
              params: { method: 'POST', url: `${service.url}/tell`, body: { url: '{{ execution.callbacks.back }}' } },
            },
            { key: 'ask', block: 'core.approve', params: { title: 'Go on?' } },
            { key: 'back', block: 'core.callback', params: { timeout: '10d' } },
            { key: 'end', block: 'core.set', params: { fields: { size: '{{ back.body.text | size }}' } } },
          ],
          edges: ['start -> tell', 'tell -> ask', 'ask:approved -> back', 'back -> end'],
        })
        const paused = await it.run(workflow)
        const { url } = Object(service.calls.at(-1)?.body)
        assert.equal((await it.server.send(new URL(url).pathname, { body: { text: 'y'.repeat(300_000) } })).status, 200)
        await it.server.world.db.deleteFrom('facts').where('name', '=', 'files swept').execute()
        await sweep(inDays(5))
        await it.restart()
        await approve(paused.id)
        const done = await it.until(paused.id, 'completed', 'failed')
        assert.deepEqual([done.status, done.output], ['completed', { size: 300_000 }], JSON.stringify(done.error))
      })
    })
  }
})
