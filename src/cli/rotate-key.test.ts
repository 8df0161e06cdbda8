import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { databases } from '#db/testing.ts'
import { Stop } from '#errors.ts'
import { silent } from '#log.ts'
import { keyFileOf, keyFrom, newKey } from '#vault/key.ts'
import { lockKeyFile, readKeyFile, writeKeyFile } from '#vault/keyfile.ts'
import { placeVault, type TestVault } from '#vault/testing.ts'
import type { Values, Vault } from '#vault/vault.ts'
import { rotateKey } from './rotate-key.ts'

const MAIN = fileURLToPath(new URL('../../bin/promptpilot.js', import.meta.url))

/** Runs the command in this process; answers with its exit code and what it said. */
async function rotate(place: TestVault, args: string[] = [], config = place.config()) {
  const said: string[] = []
  const world = () => Promise.reject(new Error('it opens what it needs by itself'))
  const code = await rotateKey.run(args, { config, log: silent, say: line => void said.push(line), world })
  return { code, said: said.join('\n') }
}

/** Starts the command as a person would, in a process of its own. */
function started(place: TestVault): ChildProcess {
  const env = { PATH: process.env.PATH, DATA_DIR: place.it.dir, DATABASE_URL: place.it.url ?? '', LOG_LEVEL: 'silent' }
  return spawn(process.execPath, [MAIN, 'rotate-key'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
}

const keysOf = async (place: TestVault) => (await readKeyFile(keyFileOf(place.it.dir))) ?? []
const usedKeys = async (place: TestVault) => {
  const rows = await place.it.db.selectFrom('credentials').select('key_id').distinct().execute()
  return rows.map(row => row.key_id)
}

type Kept = Map<string, { workspace: string; values: Values }>

async function fill(place: TestVault, vault: Vault, many: number): Promise<Kept> {
  const kept: Kept = new Map()
  const workspaces = [await place.workspace('One'), await place.workspace('Two')]
  for (let at = 0; at < many; at += 1) {
    const [workspace = '', values] = [workspaces[at % 2], { token: `secret ${at}` }]
    kept.set(await place.keep(vault, workspace, `Credential ${at}`, values), { workspace, values })
  }
  return kept
}

/** Reads everything as a process does that starts now. */
async function readAll(place: TestVault, kept: Kept, config = place.config()): Promise<void> {
  const vault = await place.open(config)
  for (const [id, { workspace, values }] of kept) assert.deepEqual(await vault.open(workspace, id), values)
}

for (const kind of databases()) {
  suite(`rotate-key on ${kind.name}`, { skip: kind.skip }, () => {
    const on = (says: string, act: (place: TestVault) => Promise<void>) =>
      test(says, { timeout: 120_000 }, async t => act(await placeVault(t, kind)))

    on('everything is sealed with a new key, the old one is gone, and the running server did not notice', async place => {
      const server = await place.open()
      const kept = await fill(place, server, 230)
      const [old = ''] = await keysOf(place)
      const secret = server.secret('sessions')
      const { code, said } = await rotate(place)
      assert.equal(code, 0, said)
      const [key = '', ...rest] = await keysOf(place)
      assert.deepEqual(rest, [])
      assert.notEqual(key, old)
      assert.deepEqual(await usedKeys(place), [keyFrom(key).id])
      assert.match(said, /230 credentials moved/)
      assert.ok(!said.includes(key) && !said.includes(old))

      await readAll(place, kept)
      for (const [id, { workspace, values }] of kept) assert.deepEqual(await server.open(workspace, id), values)
      const [{ workspace } = { workspace: '' }] = kept.values()
      await place.keep(server, workspace, 'Later', { token: 'later' })
      assert.deepEqual(await usedKeys(place), [keyFrom(key).id])
      assert.deepEqual((await place.open()).secret('sessions'), secret)
      assert.deepEqual(server.secret('sessions'), secret)

      await writeKeyFile(keyFileOf(place.it.dir), [old])
      await assert.rejects(place.open(), /231 credentials in 2 workspaces and the secret/)
    })

    on('killed at any point and run again, it loses nothing', async place => {
      const kept = await fill(place, await place.open(), 450)
      for (const lines of [1, 2, 3, 5, 6]) {
        const child = started(place)
        assert.ok(child.stdout)
        let seen = 0
        const ended = once(child, 'exit')
        for await (const _line of createInterface(child.stdout)) {
          seen += 1
          if (seen === lines) child.kill('SIGKILL')
        }
        await ended
        assert.ok(seen >= lines, `it ended after ${seen} lines`)
        await readAll(place, kept)
      }
      assert.ok((await keysOf(place)).length > 1, 'it was never interrupted')
      const { code, said } = await rotate(place)
      assert.equal(code, 0, said)
      const keys = await keysOf(place)
      assert.equal(keys.length, 1)
      assert.deepEqual(
        await usedKeys(place),
        keys.map(key => keyFrom(key).id),
      )
      await readAll(place, kept)
    })

    on('a server that reads and writes all the while loses nothing and sees no error', async place => {
      const server = await place.open()
      const kept = await fill(place, server, 300)
      const [{ workspace } = { workspace: '' }] = kept.values()
      let running = true
      const work = async (name: string) => {
        for (let at = 0; running; at += 1) {
          const values = { token: `${name} ${at}` }
          const id = await place.keep(server, workspace, name, values)
          kept.set(id, { workspace, values })
          assert.deepEqual(await server.open(workspace, id), values)
          await sleep(3)
        }
      }
      const change = async () => {
        for (const [id, { workspace, values }] of [...kept].slice(0, 100)) {
          const next = { ...values, more: 'more' }
          await place.it.db.transaction().execute(async trx => {
            const writer = await server.write(trx)
            const row = await trx.selectFrom('credentials').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
            assert.deepEqual(writer.open(row), values)
            await trx
              .updateTable('credentials')
              .set(writer.seal(workspace, id, next))
              .where('id', '=', id)
              .execute()
          })
          kept.set(id, { workspace, values: next })
        }
      }
      const workers = Promise.all([work('a'), work('b'), change()])
      for (let times = 0; times < 2; times += 1) {
        const child = started(place)
        const [code] = await once(child, 'exit')
        assert.equal(code, 0)
      }
      running = false
      await workers
      assert.equal((await keysOf(place)).length, 1)
      assert.ok(kept.size > 300)
      await readAll(place, kept)
    })

    on('a row that is being sealed with the old key while the keys change is not left behind', async place => {
      const server = await place.open()
      const workspace = await place.workspace('One')
      const [old = ''] = await keysOf(place)
      const rotation = await place.it.db.transaction().execute(async trx => {
        const writer = await server.write(trx)
        const rotation = rotate(place)
        while ((await keysOf(place))[0] === old) await sleep(10)
        assert.equal(await Promise.race([rotation, sleep(500, 'waiting')]), 'waiting')
        const sealed = writer.seal(workspace, 'cred_late', { token: 'late' })
        assert.equal(sealed.key_id, keyFrom(old).id)
        const row = {
          id: 'cred_late',
          workspace_id: workspace,
          name: 'Late',
          kind: 'test',
          fields: '[]',
          created_at: 1,
          created_by: null,
          updated_at: 1,
        }
        await trx
          .insertInto('credentials')
          .values({ ...row, ...sealed })
          .execute()
        return { ended: rotation }
      })
      assert.equal((await rotation.ended).code, 0)
      assert.ok(!(await keysOf(place)).includes(old))
      await readAll(place, new Map([['cred_late', { workspace, values: { token: 'late' } }]]))
    })

    on('with --keep the old keys stay in the file, and go with the next run without it', async place => {
      const kept = await fill(place, await place.open(), 3)
      assert.equal((await rotate(place, ['--keep'])).code, 0)
      assert.equal((await rotate(place, ['--keep'])).code, 0)
      assert.equal((await keysOf(place)).length, 3)
      assert.equal((await usedKeys(place)).length, 1)
      assert.equal((await rotate(place)).code, 0)
      assert.equal((await keysOf(place)).length, 1)
      await readAll(place, kept)
    })

    on('with PROMPTPILOT_KEY it moves from the previous key, which is then not needed', async place => {
      const [old, next] = [newKey(), newKey()]
      const kept = await fill(place, await place.open(place.config(old)), 120)
      const { code, said } = await rotate(place, [], place.config(next, old))
      assert.equal(code, 0, said)
      assert.match(said, /PROMPTPILOT_KEY_PREVIOUS can be removed/)
      await readAll(place, kept, place.config(next))
      assert.equal((await rotate(place, [], place.config(next))).code, 0)
      await assert.rejects(rotate(place, [], place.config(newKey(), old)), /120 credentials/)
    })

    on('the steps for several processes leave each of them able to read and write', async place => {
      const [old, next] = [newKey(), newKey()]
      const first = await place.open(place.config(old))
      const kept = await fill(place, first, 5)
      const [a, b] = [await place.open(place.config(old, next)), await place.open(place.config(next, old))]
      const [{ workspace } = { workspace: '' }] = kept.values()
      kept.set(await place.keep(a, workspace, 'By a', { token: 'a' }), { workspace, values: { token: 'a' } })
      kept.set(await place.keep(b, workspace, 'By b', { token: 'b' }), { workspace, values: { token: 'b' } })
      for (const vault of [a, b])
        for (const [id, { workspace, values }] of kept) assert.deepEqual(await vault.open(workspace, id), values)
      assert.equal((await rotate(place, [], place.config(next, old))).code, 0)
      for (const vault of [a, b])
        for (const [id, { workspace, values }] of kept) assert.deepEqual(await vault.open(workspace, id), values)
      await readAll(place, kept, place.config(next))
    })

    on('two at once: the second says so and does nothing', async place => {
      const kept = await fill(place, await place.open(), 2)
      const before = await keysOf(place)
      const lock = await lockKeyFile(keyFileOf(place.it.dir), 0)
      await assert.rejects(rotate(place), error => error instanceof Stop && /Another rotate-key is at work/.test(error.message))
      lock?.release()
      assert.deepEqual(await keysOf(place), before)
      await readAll(place, kept)
    })

    on('a damaged credential is named, and no key that might open it is dropped', async place => {
      const kept = await fill(place, await place.open(), 3)
      const [[id] = ['']] = kept
      await place.it.db.updateTable('credentials').set({ wrapped_key: 'v1.damaged' }).where('id', '=', id).execute()
      kept.delete(id)
      const { code, said } = await rotate(place)
      assert.equal(code, 1)
      assert.match(said, /"Credential 0" \(cred_/)
      assert.equal((await keysOf(place)).length, 2)
      await readAll(place, kept)
    })

    on('when the key is lost for good, --forget removes exactly what cannot be read', async place => {
      const server = await place.open()
      const kept = await fill(place, server, 4)
      const secret = server.secret('sessions')
      const lost = newKey()
      const [key = ''] = await keysOf(place)
      await writeKeyFile(keyFileOf(place.it.dir), [lost, key])
      const gone = await fill(place, server, 2)
      await writeKeyFile(keyFileOf(place.it.dir), [key])

      await assert.rejects(rotate(place), /rotate-key --forget 2/)
      await assert.rejects(rotate(place, ['--forget', '6']), /2 credentials cannot be read, not 6. Nothing was removed/)
      const { code, said } = await rotate(place, ['--forget', '2'])
      assert.equal(code, 0, said)
      assert.match(said, /"Credential 1" in "Two"/)
      await readAll(place, kept)
      const left = await place.it.db.selectFrom('credentials').select('id').execute()
      assert.equal(left.filter(row => gone.has(row.id)).length, 0)
      assert.deepEqual((await place.open()).secret('sessions'), secret)
      await assert.rejects(rotate(place, ['--forget', '0']), /nothing to forget/)

      await writeKeyFile(keyFileOf(place.it.dir), [newKey()])
      await assert.rejects(place.open(), /--forget 4/)
      await assert.rejects(rotate(place, ['--forget', '3']), /Nothing was removed/)
      assert.equal((await rotate(place, ['--forget', '4'])).code, 0)
      assert.notDeepEqual((await place.open()).secret('sessions'), secret)
    })

    on('anything else on the command line is answered with how to use it', async place => {
      for (const args of [['--forget', 'all'], ['--force'], ['now'], ['--forget']]) {
        const { code, said } = await rotate(place, args)
        assert.equal(code, 2)
        assert.match(said, /Usage: promptpilot rotate-key/)
      }
    })
  })
}
