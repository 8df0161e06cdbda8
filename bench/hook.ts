import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { ask, type Load, load, posting } from './load.ts'
import { inTurn, ms, type Piece, seconds, share, whole, withProgram, withServer } from './piece.ts'
import { post, register } from './server.ts'
import { readTemplate, standing, unended } from './template.ts'
import { draw, ORDER, SHORT } from './workflow.ts'

/** The connections of many callers. */
const MANY = 50

/** Everything that was answered well must be there and completed; a server that loses something has no speed. */
export function demandCompleted(data: string, least: number): number {
  const { completed = 0, ...others } = standing(data)
  if (Object.keys(others).length > 0) throw new Error(`not everything completed: ${JSON.stringify({ completed, ...others })}`)
  if (completed < least) throw new Error(`${least} were answered as completed, and ${completed} are there`)
  return completed
}

/** Waits for the end of everything that was accepted, and answers how long that took. */
export async function drained(data: string): Promise<number> {
  const begun = performance.now()
  while (unended(data) > 0) {
    if (performance.now() > begun + 300_000) throw new Error(`${unended(data)} executions do not end`)
    await setTimeout(20)
  }
  return performance.now() - begun
}

/** From the call to the answer of a short workflow, beside servers that do less. */
export const webhook: Piece = {
  name: 'webhook',
  about: `A webhook that answers when its workflow has finished: webhook → set → if → set, journalled with fsync. Three rounds of ${seconds(8)} s each in turn, median round. The echo is a bare Fastify that parses the JSON it is posted and sends it back. The durable server is a bare \`node:http\` that does the same after it has written the same two rows with the same indexes, with the same group commit and fsync. All of them get the same body.`,
  measure: folder =>
    withServer(join(folder, 'data'), async ({ url }) => {
      const data = join(folder, 'data')
      const hook = await draw(url, await register(url), 'finished', SHORT)
      const said = JSON.stringify(await post(hook, ORDER))
      if (said !== '{"text":"Ada spends 120","vip":true}') throw new Error(`the workflow answered ${said}`)
      const template = join(folder, 'template.json')
      await writeFile(template, JSON.stringify(readTemplate(data)))
      return withProgram('echo.ts', [], echo =>
        withProgram('durable.ts', [template, join(folder, 'durable.sqlite')], async durable => {
          const asked = [echo, durable, hook]
          const many = await inTurn(
            asked.map(at => length => load(at, length, MANY, posting(ORDER))),
            seconds(8),
          )
          const one = await inTurn(
            asked.map(at => length => ask({ url: at, connections: 1, seconds: length, body: ORDER })),
            seconds(8),
          )
          await drained(data)
          demandCompleted(data, (many[2]?.good ?? 0) + (one[2]?.good ?? 0))
          return [
            ['asked', 'connections', 'per second', 'of the echo', 'of the durable', 'p50', 'p99', 'not 2xx', 'aim'],
            ...compared(many, MANY, '≥ 4,000 per second, p99 < 40 ms'),
            ...compared(one, 1, 'p50 < 2 ms'),
          ]
        }),
      )
    }),
}

function compared(loads: readonly Load[], connections: number, aim: string): string[][] {
  const names = ['bare Fastify echo', 'bare durable server', 'the workflow']
  return loads.map((it, at) => [
    names[at] ?? '',
    String(connections),
    whole(it.perSecond),
    share(it.perSecond, loads[0]?.perSecond ?? 1),
    share(it.perSecond, loads[1]?.perSecond ?? 1),
    ms(it.p50),
    ms(it.p99),
    whole(it.bad),
    at === 2 ? aim : '',
  ])
}

/** How fast executions are accepted when nobody waits for their end, and whether all of them come to it. */
export const accepted: Piece = {
  name: 'accepted',
  about: `The same workflow behind a webhook that answers as soon as the execution is on disk. Three rounds of ${seconds(8)} s over ${MANY} connections; after each it is waited until nothing is left to do. More complete than were answered: the callers leave before their last answers.`,
  measure: folder =>
    withServer(join(folder, 'data'), async ({ url }) => {
      const data = join(folder, 'data')
      const hook = await draw(url, await register(url), 'accepted', SHORT)
      const rows: string[][] = []
      const { executionId } = await post(hook, ORDER)
      if (typeof executionId !== 'string') throw new Error('the webhook does not say what it accepted')
      await load(hook, seconds(8), MANY, posting(ORDER))
      await drained(data)
      for (const round of [1, 2, 3]) {
        const before = demandCompleted(data, 0)
        const it = await load(hook, seconds(8), MANY, posting(ORDER))
        const open = unended(data)
        const took = await drained(data)
        const done = demandCompleted(data, before + it.good) - before
        rows.push([
          `round ${round}`,
          whole(it.perSecond),
          ms(it.p50),
          ms(it.p99),
          whole(it.bad),
          whole(open),
          ms(took),
          `${whole(done)} of ${whole(it.good)}`,
          '≥ 6,000 per second, all completed',
        ])
      }
      return [
        [
          'round',
          'accepted per second',
          'p50',
          'p99',
          'not 2xx',
          'open at its end',
          'done after',
          'completed, of answered',
          'aim',
        ],
        ...rows,
      ]
    }),
}
