import assert from 'node:assert/strict'
import { rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { databases, type Kind } from '#db/testing.ts'
import { diskFiles } from '#files/disk.ts'
import { listed } from '#files/files.contract.ts'
import { sortableIds } from '#ids.ts'
import { makeLog } from '#log.ts'
import { ARRIVING } from './queries.ts'
import { announce, release } from './release.ts'
import { sweep } from './sweep.ts'

const HOUR = 3600_000

/** A database with files beside it, and a clock that can be set forward. */
async function place(t: TestContext, kind: Kind) {
  const it = await kind.open()
  t.after(() => it.close())
  let ahead = 0
  const clock = { now: () => Date.now() + ahead }
  const lines: Record<string, unknown>[] = []
  const log = makeLog({ level: 'info', format: 'json', out: { write: line => void lines.push(JSON.parse(line)) } })
  const root = join(it.dir, 'files')
  const files = await diskFiles({ root, clock, log })
  const ids = sortableIds(clock)
  const workspace = ids.next('wsp')
  await it.db.insertInto('workspaces').values({ id: workspace, name: 'One', created_at: 1, created_by: null }).execute()
  const rowOf = (hash: string, bucket: string) => ({
    id: ids.next('file'),
    workspace_id: workspace,
    bucket,
    name: 'x',
    type: 'text/plain',
    size: 1,
    hash,
    created_at: clock.now(),
    created_by: null,
  })
  async function* bytes(text: string) {
    yield Buffer.from(text)
  }
  return {
    world: { db: it.db, files, clock, log },
    workspace,
    lines,
    pass: (hours: number) => {
      ahead += hours * HOUR
    },
    store: async (text: string, into = workspace, before?: () => Promise<void>) =>
      (await files.put(into, bytes(text), 1000, before)).hash,
    row: async (hash: string, bucket = 'uploads') => {
      const row = rowOf(hash, bucket)
      await it.db.insertInto('files').values(row).execute()
      return row.id
    },
    rowOf,
    age: async (hash: string, hours: number, of = workspace) => {
      const then = new Date(clock.now() - hours * HOUR)
      await utimes(join(root, of, hash.slice(0, 2), hash), then, then)
    },
    lose: (hash: string) => rm(join(root, workspace, hash.slice(0, 2), hash)),
    stored: async () => new Set((await listed(files)).map(one => one.hash)),
  }
}

for (const kind of databases()) {
  suite(`sweeping files on ${kind.name}`, { skip: kind.skip }, () => {
    test('bytes without a file go when they are a day old; all others stay', async t => {
      const at = await place(t, kind)
      const [used, old, young] = [await at.store('used'), await at.store('old'), await at.store('young')]
      const removed = await at.store('old', 'wsp_removed')
      await at.row(used)
      for (const hash of [used, old]) await at.age(hash, 25)
      await at.age(removed, 25, 'wsp_removed')
      await at.age(young, 23)
      await sweep(at.world)
      assert.deepEqual(await at.stored(), new Set([used, young]))
      assert.deepEqual(
        at.lines.map(line => [line.message, line.removed]),
        [['removed bytes that no file refers to', 2]],
      )
    })

    test('an upload that never arrived is forgotten after a day, and holds its bytes until then', async t => {
      const at = await place(t, kind)
      const hash = await at.store('half')
      await at.row(hash, ARRIVING)
      await at.age(hash, 30)
      await sweep(at.world)
      assert.deepEqual(await at.stored(), new Set([hash]))
      at.pass(25)
      await sweep(at.world)
      assert.deepEqual(await at.stored(), new Set())
      assert.deepEqual(await at.world.db.selectFrom('files').select('id').execute(), [])
    })

    test('files that have lost their bytes are named, and kept', async t => {
      const at = await place(t, kind)
      const [whole, lost] = [await at.store('whole'), await at.store('lost')]
      await at.row(whole)
      const id = await at.row(lost)
      await at.lose(lost)
      await sweep(at.world)
      assert.deepEqual(
        at.lines.map(line => [line.files, line.count]),
        [[[id], 1]],
      )
      assert.equal((await at.world.db.selectFrom('files').select('id').execute()).length, 2)
    })

    test('it is done once a day, by one of the processes', async t => {
      const at = await place(t, kind)
      await sweep(at.world)
      const hash = await at.store('orphan')
      await at.age(hash, 48)
      await sweep(at.world)
      assert.deepEqual(await at.stored(), new Set([hash]))
      at.pass(23)
      await Promise.all([sweep(at.world), sweep(at.world), sweep(at.world)])
      assert.deepEqual(await at.stored(), new Set())
      assert.equal(at.lines.length, 1)
    })

    test('thousands of values are looked through in pieces', async t => {
      const at = await place(t, kind)
      const hashes = await Promise.all(Array.from({ length: 450 }, (_, number) => at.store(`value ${number}`)))
      for (const [number, hash] of hashes.entries()) {
        await at.age(hash, 25)
        if (number % 2 === 0) await at.row(hash)
      }
      await sweep(at.world)
      assert.equal((await at.stored()).size, 225)
    })

    test('bytes are not removed while somebody is about to refer to them', async t => {
      const at = await place(t, kind)
      const hash = await at.store('wanted')
      await at.store('wanted', at.workspace, async () => {
        await announce(at.world.db, at.rowOf(hash, ARRIVING))
        assert.equal(await release(at.world, at.workspace, hash), false)
      })
      assert.deepEqual(await at.stored(), new Set([hash]))
      await at.world.db.deleteFrom('files').execute()
      assert.equal(await release(at.world, at.workspace, hash), true)
      assert.deepEqual(await at.stored(), new Set())
    })

    test('whoever wants to refer to bytes that are just being removed waits until they are gone, and puts them back', async t => {
      const at = await place(t, kind)
      const hash = await at.store('wanted')
      const order: string[] = []
      let putting: Promise<unknown> | undefined
      const files = {
        ...at.world.files,
        async remove(workspace: string, hash: string) {
          putting = at.store('wanted', workspace, async () => {
            await announce(at.world.db, at.rowOf(hash, ARRIVING))
            order.push('announced')
          })
          await sleep(300)
          await at.world.files.remove(workspace, hash)
          order.push('removed')
        },
      }
      await release({ ...at.world, files }, at.workspace, hash)
      await putting
      assert.deepEqual(order, ['removed', 'announced'])
      assert.deepEqual(await at.stored(), new Set([hash]))
    })
  })
}
