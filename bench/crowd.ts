import { join } from 'node:path'
import { demandCompleted, drained } from './hook.ts'
import { load, posting } from './load.ts'
import { inTurn, ms, type Piece, seconds, share, whole, withProgram, withServer } from './piece.ts'
import { post, register } from './server.ts'
import { draw, ORDER, SHORT } from './workflow.ts'

/** The connections of a crowd. */
const CROWD = 200

/** How fast calls are accepted when very many come at once, beside a server that only sends them back. */
export const crowd: Piece = {
  name: 'crowd',
  about: `The short workflow behind a webhook that answers 202 as soon as the execution and its line in the ledger are on disk, over ${CROWD} connections, beside the echo: a bare Fastify that parses the JSON it is posted and sends it back. Three rounds of ${seconds(8)} s each in turn, median round; in the end everything that was accepted must have completed.`,
  measure: folder =>
    withServer(
      join(folder, 'data'),
      async ({ url }) => {
        const data = join(folder, 'data')
        const hook = await draw(url, await register(url), 'accepted', SHORT)
        const { executionId } = await post(hook, ORDER)
        if (typeof executionId !== 'string') throw new Error('the webhook does not say what it accepted')
        return withProgram('echo.ts', [], async echo => {
          const [bare, ours] = await inTurn(
            [echo, hook].map(at => length => load(at, length, CROWD, posting(ORDER))),
            seconds(8),
          )
          if (!bare || !ours) throw new Error('nothing was measured')
          const took = await drained(data)
          const done = demandCompleted(data, ours.good)
          return [
            ['asked', 'connections', 'per second', 'of the echo', 'p50', 'p99', 'not 2xx', 'completed, of answered'],
            ...[bare, ours].map((it, at) => [
              at === 0 ? 'bare Fastify echo' : 'the webhook, 202 after fsync',
              String(CROWD),
              whole(it.perSecond),
              share(it.perSecond, bare.perSecond),
              ms(it.p50),
              ms(it.p99),
              whole(it.bad),
              at === 0 ? '' : `${whole(done)} of ${whole(it.good)}, ${ms(took)} after the last`,
            ]),
          ]
        })
      },
      { EXECUTIONS_BACKLOG: '1000000' },
    ),
}
