import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { root, run } from '../tools/child.ts'
import { load } from './load.ts'
import { inTurn, middle, ms, type Piece, seconds, share, whole, withProgram, withServer } from './piece.ts'
import { populate } from './server.ts'

async function starts(folder: string, times: number, fresh: boolean): Promise<string[]> {
  const lines: number[] = []
  const readies: number[] = []
  for (let time = 0; time < times; time += 1) {
    if (fresh) await rm(folder, { recursive: true, force: true })
    const { toLine, toReady } = await withServer(folder, async server => server)
    lines.push(toLine)
    readies.push(toReady)
  }
  return [
    fresh ? 'empty folder' : 'folder with an account',
    String(times),
    ms(middle(lines)),
    ms(middle(readies)),
    ms(Math.max(...readies)),
  ]
}

/** How long a start takes. */
export const cold: Piece = {
  name: 'start',
  about: 'Cold start: from `npm start` to the line with the address, and to `GET /api/health/ready` answering 200.',
  async measure(folder) {
    const data = join(folder, 'data')
    const fresh = await starts(data, 7, true)
    await withServer(data, ({ url }) => populate(url))
    return [
      ['start on', 'times', 'address said (median)', 'ready (median)', 'ready (slowest)'],
      fresh,
      await starts(data, 7, false),
    ]
  },
}

/** Answers per second of the frame, beside a bare one. */
export const rate: Piece = {
  name: 'rate',
  about: `Answers per second over 50 connections, three rounds of ${seconds(8)} s each in turn, median round. The echo is a bare Fastify that answers \`{"status":"ok"}\`; the list has 50 rows and is asked for with an API key. The server logs every request, as it does by default.`,
  measure: folder =>
    withServer(join(folder, 'data'), ({ url }) =>
      withProgram('echo.ts', [], async echo => {
        const { key } = await populate(url)
        const asked: [string, string, string[]][] = [
          ['bare Fastify echo', echo, []],
          ['`GET /api/health`', `${url}/api/health`, []],
          ['`GET /api/keys`', `${url}/api/keys`, ['-H', `authorization=Bearer ${key}`]],
        ]
        const loads = await inTurn(
          asked.map(
            ([, at, more]) =>
              length =>
                load(at, length, 50, more),
          ),
          seconds(8),
        )
        const rows = loads.map((it, index) => [
          asked[index]?.[0] ?? '',
          whole(it.perSecond),
          share(it.perSecond, loads[0]?.perSecond ?? 1),
          ms(it.p50),
          ms(it.p99),
          whole(it.bad),
        ])
        return [['asked', 'per second', 'of the echo', 'p50', 'p99', 'not 2xx'], ...rows]
      }),
    ),
}

/** What sign-ins cost everybody else. */
export const login: Piece = {
  name: 'login',
  about:
    '`GET /api/keys` fifty times a second from one process, for 15 s, without and with 50 sign-ins going on all the time from another. Each call is timed from the moment it was due. Aim: p99 under 250 ms.',
  measure: folder =>
    withServer(join(folder, 'data'), async ({ url }) => {
      const { email, password, key } = await populate(url)
      const body = JSON.stringify({ email, password })
      const steady = async () => {
        const { code, out } = await run(process.execPath, [join(root, 'bench/steady.ts'), `${url}/api/keys`, key, '15', '50'])
        if (code !== 0) throw new Error(`the steady caller ended with ${code}: ${out}`)
        return JSON.parse(out)
      }
      const signIns = load(`${url}/api/auth/login`, 19, 50, ['-m', 'POST', '-H', 'content-type=application/json', '-b', body])
      const row = (name: string, it: { count: number; p50: number; p99: number; worst: number }, more: string) => [
        name,
        whole(it.count),
        ms(it.p50),
        ms(it.p99),
        ms(it.worst),
        more,
      ]
      void signIns.catch(() => {})
      await setTimeout(2000)
      const during = await steady()
      const { perSecond, p50, bad } = await signIns
      const alone = await steady()
      return [
        ['the list', 'calls', 'p50', 'p99', 'slowest', 'sign-ins'],
        row('alone', alone, ''),
        row('beside 50 sign-ins', during, `${perSecond.toFixed(0)} per second, p50 ${ms(p50)}, ${bad} refused`),
      ]
    }),
}
