import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { readConfig } from '#config.ts'
import { databases, type TestDatabase } from '#db/testing.ts'
import { silent } from '#log.ts'
import { backup } from './backup.ts'
import type { Command } from './command.ts'
import { migrate } from './migrate.ts'
import { restore } from './restore.ts'

for (const kind of databases())
  suite(`the commands for the database on ${kind.name}`, { skip: kind.skip }, () => {
    let it: TestDatabase
    before(async () => {
      it = await kind.open()
      await it.db.insertInto('facts').values({ name: 'kept', value: 'yes' }).execute()
    })
    after(() => it.close())

    const run = async (command: Command, ...args: string[]) => {
      const config = readConfig({ DATA_DIR: it.dir, DATABASE_URL: it.url ?? '' })
      const said: string[] = []
      const world = () => Promise.reject(new Error('it opens what it needs by itself'))
      const code = await command.run(args, { config, log: silent, say: line => void said.push(line), world })
      return { code, said: said.join('\n') }
    }
    const facts = () => it.db.selectFrom('facts').selectAll().execute()

    test('say how they are used when they are used otherwise', async () => {
      for (const [command, ...args] of [
        [backup],
        [backup, 'a', 'b'],
        [restore],
        [restore, 'a', '--all'],
        [migrate, 'up'],
      ] as const) {
        const { code, said } = await run(command, ...args)
        assert.deepEqual([code, said], [2, `Usage: promptpilot ${command.usage}`])
      }
    })

    test('bring back what was copied while the server ran, and tell the way back', async () => {
      const file = join(it.dir, 'one.backup')
      const copied = await run(backup, file)
      assert.equal(copied.code, 0)
      assert.match(copied.said, /Wrote .*one\.backup: \d+ rows, 0 files .*\n.*key is not in it/s)

      await it.db.deleteFrom('facts').execute()
      await it.database.close()
      const restored = await run(restore, file)
      assert.match(restored.said, /Restored the backup of 2.*\n.*no master key.*\n.*before-restore-.*\n.*To go back: /s)
      await it.reopen()
      assert.deepEqual(await facts(), [{ name: 'kept', value: 'yes' }])
    })

    test('take the schema back only after a copy was made, and forward again', async () => {
      assert.match((await run(migrate, '--list')).said, /^done {2}0001-house$/m)
      await it.database.close()
      const back = await run(migrate, '--to', 'nothing')
      assert.match(back.said, /kept in .*before-migrate-.*\nDone: .*0001-house\./s)
      assert.ok((await readdir(it.dir)).some(name => name.startsWith('before-migrate-')))
      assert.match((await run(migrate, '--list')).said, /^open {2}0001-house/)
      assert.match((await run(migrate)).said, /^Done: 0001-house/)
      assert.match((await run(migrate)).said, /^Nothing to do/)
      await it.reopen()
      assert.deepEqual(await facts(), [])
    })
  })
