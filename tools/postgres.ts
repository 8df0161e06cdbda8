import { chown, glob, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Client } from 'pg'
import { run, start } from './child.ts'
import { freePort, onPath } from './machine.ts'
import type { Service } from './services.ts'

const USUAL = ['postgres://postgres@127.0.0.1:5432/postgres', 'postgres://postgres:postgres@127.0.0.1:5432/postgres']

const MAY_CREATE = `select (rolcreatedb or rolsuper) and current_setting('server_version_num')::int >= 150000 as may from pg_roles where rolname = current_user`

/** A PostgreSQL in which tests may create databases: one that runs here, or an empty one started from the installed programs. */
export const postgres: Service = {
  name: 'PostgreSQL',
  variable: 'TEST_POSTGRES_URL',
  parts: ['unit', 'e2e'],
  packages: ['postgresql'],
  async find(folder) {
    for (const url of USUAL) if (await mayCreate(url)) return url
    const bin = await programs()
    return bin === null ? null : begin(bin, join(folder, 'postgres'))
  },
}

async function mayCreate(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 })
  try {
    await client.connect()
    const { rows } = await client.query(MAY_CREATE)
    return rows[0]?.may === true
  } catch {
    return false
  } finally {
    await client.end()
  }
}

/** The folder of `initdb`: on the PATH, or the newest version where Debian puts them. */
async function programs(): Promise<string | null> {
  const folders: string[] = []
  for await (const folder of glob('/usr/lib/postgresql/*/bin')) folders.push(folder)
  const newest = folders.sort((a, b) => Number(b.split('/').at(-2)) - Number(a.split('/').at(-2)))
  const initdb = await onPath('initdb', newest)
  return initdb?.replace(/\/initdb$/, '') ?? null
}

/** Makes an empty cluster and starts it on a free port. It does not sync: nobody will miss the data. */
async function begin(bin: string, folder: string): Promise<string | null> {
  const who = await servant()
  await mkdir(folder, { recursive: true })
  if (who.uid !== undefined && who.gid !== undefined) await chown(folder, who.uid, who.gid)
  const made = await run(
    join(bin, 'initdb'),
    ['-D', folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...who, cwd: folder },
  )
  if (made.code !== 0) {
    console.log(`  initdb ended with ${made.code}: ${made.out.trim()}`)
    return null
  }
  const port = await freePort()
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=200',
  ]
  const server = start(join(bin, 'postgres'), ['-D', folder, ...settings.flatMap(it => ['-c', it])], {
    ...who,
    cwd: folder,
    stdio: 'ignore',
  })
  server.unref()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  for (let tries = 0; tries < 100 && server.exitCode === null; tries += 1) {
    if (await mayCreate(url)) return url
    await setTimeout(100)
  }
  console.log(`  the PostgreSQL of ${bin} did not start`)
  return null
}

/** PostgreSQL refuses to run as root: then it runs as its own user, or as nobody. */
async function servant(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {}
  const people = (await readFile('/etc/passwd', 'utf8')).split('\n').map(line => line.split(':'))
  const person = people.find(([name]) => name === 'postgres') ?? people.find(([name]) => name === 'nobody')
  return person === undefined ? {} : { uid: Number(person[2]), gid: Number(person[3]) }
}
