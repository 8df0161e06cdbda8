import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { drained } from './hook.ts'
import { ms, type Piece, seconds, whole, withServer } from './piece.ts'
import { post, register } from './server.ts'
import { databaseOf, insertion, look } from './template.ts'

const COUNT = 10_000
const DUE = 1_000
/** From the start of the server to the second in which they are due. */
const AHEAD = 8_000
const TIMES = 3
/** The processor's time is counted in hundredths of a second. */
const TICK = 10

/** Many schedules: what they cost while nothing is due, and how late they start when many are due in the same second. */
export const schedule: Piece = {
  name: 'schedule',
  about: `A folder with ${whole(COUNT)} schedules of as many workflows (schedule → set). Idle: the processor's time of the server over ${seconds(30)} s in which nothing is due, beginning 25 s after the start. Then ${whole(DUE)} of them are due in the same second; ${TIMES} rounds, the slowest counts. Started: when the ledger says so, from the time that was planned. Completed: when that is on disk.`,
  async measure(folder) {
    const data = join(folder, 'data')
    await withServer(data, ({ url }) => draw(url))
    fill(data)
    const idle = await withServer(data, ({ pid }) => cost(pid))
    const rounds: Round[] = []
    for (let round = 0; round < TIMES; round += 1) rounds.push(await fireAll(data))
    const worst = (of: (round: Round) => number[], part: number) => Math.max(...rounds.map(it => nth(of(it), part)))
    const rows = Object.entries({ started: (it: Round) => it.started, completed: (it: Round) => it.completed }).map(
      ([name, of]) => [
        `${name}, ${rounds.map(it => whole(of(it).length)).join(' and ')} of ${whole(DUE)}`,
        ms(worst(of, 0.5)),
        ms(worst(of, 0.99)),
        name === 'started' ? 'all, p99 < 2 s' : '',
      ],
    )
    return [['what', 'p50', 'p99', 'aim'], [`idle, share of one core`, `${idle.toFixed(2)} %`, '', '< 2 %'], ...rows]
  },
}

/** The workflow of which all others are copies: it starts with the year. */
async function draw(url: string): Promise<void> {
  const headers = { authorization: `Bearer ${await register(url)}` }
  const nodes = [
    { id: 'clock', key: 'clock', block: 'schedule.cron', params: { cron: '@yearly' } },
    { id: 'said', key: 'said', block: 'core.set', params: { fields: { at: '{{ trigger.scheduledAt }}' } } },
  ]
  const { id } = await post(
    `${url}/api/workflows`,
    { name: 'Bench', nodes, edges: [{ source: 'clock', target: 'said' }] },
    headers,
  )
  await post(`${url}/api/workflows/${id}/publish`, {}, headers)
}

function open(data: string): DatabaseSync {
  const db = new DatabaseSync(databaseOf(data))
  db.exec('pragma synchronous = off')
  return db
}

/** Copies the workflow with its version and its trigger until there are so many. */
function fill(data: string): void {
  const db = open(data)
  const tables = ['workflows', 'workflow_versions', 'triggers'].map(name => {
    const row = db.prepare(`select * from ${name}`).get()
    if (row === undefined) throw new Error(`nothing stands in ${name}`)
    return { row, statement: db.prepare(insertion(name, Object.fromEntries(Object.keys(row).map(key => [key, null])))) }
  })
  db.exec('begin')
  for (let copy = 1; copy < COUNT; copy += 1)
    for (const { row, statement } of tables) {
      const ids = Object.fromEntries(['id', 'workflow_id'].flatMap(key => (key in row ? [[key, `${row[key]}${copy}`]] : [])))
      statement.run(...Object.values({ ...row, ...ids }))
    }
  db.exec('commit; pragma wal_checkpoint(truncate)')
  db.close()
}

/** How much of one core a process takes, in percent. */
async function cost(pid: number): Promise<number> {
  const spent = async () => {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(cause => {
      throw new Error('only Linux says what a process has spent', { cause })
    })
    // The name of the program, in brackets, may have spaces.
    const [user, system] = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number)
    return ((user ?? 0) + (system ?? 0)) * TICK
  }
  // The collector of the engine tidies up after the start for some twenty seconds.
  await setTimeout(25_000)
  const [before, begun] = [await spent(), performance.now()]
  await setTimeout(seconds(30) * 1000)
  return (100 * ((await spent()) - before)) / (performance.now() - begun)
}

type Round = { started: number[]; completed: number[] }

/** Lets so many be due in the same second of a server's life. */
async function fireAll(data: string): Promise<Round> {
  const slot = Math.ceil((Date.now() + AHEAD) / 1000) * 1000
  const db = open(data)
  db.prepare(
    `update triggers set slot_at = ?, due_at = ? where id in (select id from triggers order by random() limit ${DUE})`,
  ).run(slot, slot)
  db.close()
  return withServer(data, async () => {
    const count = () =>
      look(data, at => Number(at.prepare('select count(*) as count from fires where slot_at = ?').get(slot)?.count))
    for (const late = slot + 60_000; count() < DUE && Date.now() < late; ) await setTimeout(100)
    await drained(data)
    const rows = look(data, at =>
      at
        .prepare(
          `select at - slot_at as started, ended_at - slot_at as completed from fires join executions on executions.id = execution_id
          where slot_at = ? and outcome = 'fired' and status = 'completed'`,
        )
        .all(slot),
    )
    if (rows.length !== DUE) throw new Error(`${rows.length} of ${DUE} were started in time and completed`)
    return { started: rows.map(row => Number(row.started)), completed: rows.map(row => Number(row.completed)) }
  })
}

const nth = (values: readonly number[], part: number) =>
  values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) * part)] ?? Number.NaN
