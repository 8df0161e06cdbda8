import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { drained } from './hook.ts'
import { ask } from './load.ts'
import { fill, unfinish } from './million.ts'
import { inTurn, middle, ms, type Piece, seconds, whole, withServer } from './piece.ts'
import { post, register } from './server.ts'
import { databaseOf, look } from './template.ts'
import { draw, ORDER, SHORT } from './workflow.ts'

/** How many executions there are; `STORED` makes it fewer, to see quickly whether the bench works. */
const COUNT = Number(process.env.STORED || 1_000_000)
const OPEN = 500
const TIMES = 3

/** A server with a long history: how it starts, how it goes on, and how it shows the newest of it. */
export const stored: Piece = {
  name: 'stored',
  about: `A folder with ${whole(COUNT)} executions of webhook → set → if → set, ${OPEN} of them accepted and not begun when the last server ended. ${TIMES} starts, the slowest counts; times are from the start of the process. The lists are asked for with an API key over one connection, three rounds of ${seconds(8)} s in turn, median round.`,
  async measure(folder) {
    const data = join(folder, 'data')
    const { key, workflow } = await prepare(data)
    const begun = performance.now()
    fill(data, COUNT)
    console.log(`filled with ${whole(COUNT)} executions in ${((performance.now() - begun) / 1000).toFixed(0)} s`)
    const readies: number[] = []
    const ends: number[] = []
    for (let time = 0; time < TIMES; time += 1) {
      const first = unfinish(data, OPEN)
      await withServer(data, async server => {
        readies.push(server.toReady)
        await drained(data)
        ends.push(performance.now() - server.begun)
        demandResumed(data, first)
      })
    }
    const size = (await stat(databaseOf(data))).size / 2 ** 30
    return [
      ['what', 'median', 'slowest or p99', 'aim'],
      [`ready, ${size.toFixed(1)} GB`, ms(middle(readies)), ms(Math.max(...readies)), '< 2 s'],
      [`the ${OPEN} have completed`, ms(middle(ends)), ms(Math.max(...ends)), '< 5 s'],
      ...(await lists(data, key, workflow)),
    ]
  },
}

/** The first execution, of which all others are copies. */
async function prepare(data: string): Promise<{ key: string; workflow: string }> {
  return withServer(data, async ({ url }) => {
    const token = await register(url)
    const { key } = await post(`${url}/api/keys`, { name: 'Bench' }, { authorization: `Bearer ${token}` })
    // By default a workflow keeps its last 10,000.
    const settings = { retention: { days: 3650, runs: 1_000_000 } }
    await post(await draw(url, token, 'finished', SHORT, settings), ORDER)
    const workflow = look(data, db => String(db.prepare('select workflow_id as id from executions').get()?.id))
    return { key: String(key), workflow }
  })
}

/** All of them went on, and to a good end. */
function demandResumed(data: string, first: string): void {
  const rows = look(data, db =>
    db.prepare('select status, failure, count(*) as count from executions where id >= ? group by status, failure').all(first),
  )
  if (rows.length !== 1 || rows[0]?.status !== 'completed' || rows[0].count !== OPEN)
    throw new Error(`not all of the ${OPEN} were completed: ${JSON.stringify(rows)}`)
}

async function lists(data: string, key: string, workflow: string): Promise<string[][]> {
  const asked = [
    ['the newest 50', '?limit=50'],
    ['the newest 50 of a workflow', `?limit=50&workflowId=${workflow}`],
    ['those that failed (none)', '?limit=50&status=failed'],
  ]
  return withServer(data, async ({ url }) => {
    await setTimeout(2_000)
    const headers = { authorization: `Bearer ${key}` }
    const loads = await inTurn(
      asked.map(
        ([, query]) =>
          length =>
            ask({ url: `${url}/api/executions${query}`, connections: 1, seconds: length, headers }),
      ),
      seconds(8),
    )
    const bad = loads.reduce((all, one) => all + one.bad, 0)
    if (bad > 0) throw new Error(`${bad} lists were not answered`)
    return loads.map((it, at) => [asked[at]?.[0] ?? '', ms(it.p50), ms(it.p99), '< 20 ms'])
  })
}
