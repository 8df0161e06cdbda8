import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { databases, type Kind } from '#db/testing.ts'
import { startServer, type TestServer } from '#testing.ts'

const [sqlite, postgres] = databases()

async function withServer(
  kind: Kind | undefined,
  use: (server: TestServer, dir: string, url: string) => Promise<void>,
): Promise<void> {
  assert.ok(kind)
  const where = await kind.place()
  const server = await startServer(where)
  try {
    await use(server, where.dir, where.url ?? '')
  } finally {
    await server.stop()
    await where.drop()
  }
}
/** Readiness, once what was found before is no longer fresh. */
async function ready(server: TestServer) {
  await sleep(1_050)
  return server.send('/api/health/ready')
}

describe('readiness', () => {
  test('on a sound server is given for the database, the files and the clock', async () => {
    await withServer(sqlite, async server => {
      const { status, body, headers } = await server.send('/api/health/ready')
      assert.deepEqual([status, body.status, Object.keys(body.checks)], [200, 'ready', ['database', 'files', 'clock']])
      assert.match(headers.get('content-type') ?? '', /^application\/json/)
    })
  })

  test('is lost while SQLite cannot be written, and comes back', async () => {
    await withServer(sqlite, async (server, dir) => {
      const other = new DatabaseSync(join(dir, 'database.sqlite'))
      other.exec('begin immediate')
      const { status, body } = await ready(server)
      assert.deepEqual([status, body.checks.database.ok, body.checks.files.ok], [503, false, true])
      assert.match(body.checks.database.message, /^No answer within 3000 ms\.$/)
      assert.equal((await server.send('/api/health')).status, 200)
      other.exec('rollback')
      other.close()
      assert.equal((await ready(server)).status, 200)
    })
  })

  test('is lost while PostgreSQL is gone, and comes back', { skip: postgres?.skip ?? true }, async () => {
    await withServer(postgres, async (server, _dir, url) => {
      const name = new URL(url).pathname.slice(1)
      const at = new URL(url)
      at.pathname = '/postgres'
      const operator = new pg.Client({ connectionString: String(at) })
      await operator.connect()
      await operator.query(`alter database ${name} allow_connections false`)
      await operator.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
      const { status, body, text } = await ready(server)
      assert.deepEqual([status, body.checks.database.ok], [503, false])
      assert.match(body.checks.database.message, /^[A-Z].*\.$/)
      assert.doesNotMatch(text, new RegExp(name))
      const list = await server.send('/api/keys', { token: 'anything' })
      assert.ok(list.status >= 500 && ['server.busy', 'server.fault'].includes(list.body.code), list.text)
      await operator.query(`alter database ${name} allow_connections true`)
      await operator.end()
      assert.equal((await ready(server)).status, 200)
    })
  })

  test('is lost while files cannot be stored', async () => {
    await withServer(sqlite, async (server, dir) => {
      const folder = join(dir, 'files')
      await rm(folder, { recursive: true })
      await writeFile(folder, 'in the way')
      const { status, body, text } = await ready(server)
      assert.deepEqual([status, body.checks.files.ok, body.checks.database.ok], [503, false, true])
      assert.ok(!text.includes(dir), 'the folder is nobody’s business')
      await rm(folder)
    })
  })
})
