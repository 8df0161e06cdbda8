import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { Stop } from '#errors.ts'
import { exists, hasCode, publish, syncFile, taken } from './disk.ts'
import { create } from './hold.ts'

/** What of an address the programs of PostgreSQL understand. */
const SHARED = [
  'host',
  'port',
  'sslmode',
  'sslcert',
  'sslkey',
  'sslrootcert',
  'options',
  'connect_timeout',
  'target_session_attrs',
]

/** Copies a PostgreSQL database to a file with pg_dump, as it is at one moment; that of `snapshot` if one is named. */
export async function dumpPostgres(url: string, target: string, snapshot?: string): Promise<void> {
  if (await exists(target)) throw taken(target)
  const draft = `${target}.part`
  await rm(draft, { force: true })
  await create(draft)
  try {
    const args = [
      '--format=custom',
      '--no-owner',
      '--no-privileges',
      ...(snapshot ? [`--snapshot=${snapshot}`] : []),
      `--file=${draft}`,
    ]
    await withAddress(url, address => run('pg_dump', [...args, `--dbname=${address}`]))
    await checkDump(draft)
    await syncFile(draft)
    await publish(draft, target)
  } finally {
    await rm(draft, { force: true })
  }
}

/** Refuses a file that pg_restore cannot read to its end. */
export const checkDump = (file: string): Promise<void> => run('pg_restore', ['--file=/dev/null', file])

/** Everything is one transaction that psql ends only when it is told to: where the script breaks off, the database stays as it was. */
const BEGIN = `begin;
do $$ declare it record; begin
  for it in select tablename from pg_tables where schemaname = current_schema() loop
    execute format('drop table %I cascade', it.tablename);
  end loop;
end $$;
`
const COMMIT = '\ncommit;\n'

/** Replaces everything in a PostgreSQL database by what was dumped, or nothing. */
export async function restorePostgres(url: string, file: string): Promise<void> {
  await withAddress(url, async address => {
    const psql = start('psql', ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', `--dbname=${address}`])
    const dump = start('pg_restore', ['--no-owner', '--no-privileges', '--file=-', file])
    async function* script() {
      yield BEGIN
      yield* dump.child.stdout
      await dump.done
      yield COMMIT
    }
    dump.child.stdin.end()
    psql.child.stdout.resume()
    const [end, fed] = await Promise.allSettled([psql.done, pipeline(Readable.from(script()), psql.child.stdin)])
    for (const it of [end, fed]) if (it.status === 'rejected') throw it.reason
  })
}

async function run(command: string, args: string[]): Promise<void> {
  const { child, done } = start(command, args)
  child.stdin.end()
  child.stdout.resume()
  await done
}

function start(command: string, args: string[]) {
  const child = spawn(command, args)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000)
  })
  const done = new Promise<void>((resolve, reject) => {
    child.on('error', error => reject(hasCode(error, 'ENOENT') ? missing(command) : error))
    child.on('close', code =>
      code === 0 ? resolve() : reject(new Stop(`${command} failed: ${said.trim() || `it ended with ${code}`}`)),
    )
  })
  return { child, done }
}

const missing = (command: string) =>
  new Stop(
    `${command} was not found. Install the client programs of PostgreSQL (Debian: apt install postgresql-client), as new as the server. ` +
      'To copy the database by hand where they are: pg_dump --format=custom --file=promptpilot.dump "$DATABASE_URL"',
  )

/** Hands over an address without its password, which every user of the machine could read among the arguments. */
async function withAddress(url: string, use: (address: string) => Promise<void>): Promise<void> {
  const address = new URL(url)
  const { password } = new pg.Client({ connectionString: url })
  const folder = await mkdtemp(join(tmpdir(), 'promptpilot-'))
  try {
    for (const name of [...address.searchParams.keys()]) if (!SHARED.includes(name)) address.searchParams.delete(name)
    if (address.searchParams.get('sslmode') === 'no-verify') address.searchParams.set('sslmode', 'require')
    if (address.password !== '') {
      const file = join(folder, 'pass')
      await writeFile(file, `*:*:*:*:${String(password).replace(/[\\:]/g, '\\$&')}\n`, { mode: 0o600 })
      address.password = ''
      address.searchParams.set('passfile', file)
    }
    await use(String(address))
  } finally {
    await rm(folder, { recursive: true })
  }
}
