import { once } from 'node:events'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { root, run, start } from '../tools/child.ts'
import { type Load, load } from './load.ts'
import { populate, type Server, startServer } from './server.ts'

/** One thing that is measured; answers with a table. */
export type Piece = { name: string; about: string; measure: (folder: string) => Promise<string[][]> }

const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`
const whole = (value: number) => Math.round(value).toLocaleString('en')
const middle = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

async function withServer<T>(folder: string, use: (server: Server) => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true })
  const server = await startServer(folder)
  try {
    return await use(server)
  } finally {
    await server.close()
  }
}

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

const cold: Piece = {
  name: 'start',
  about: 'Cold start: from `node src/main.ts start` to the line with the address, and to `GET /api/health/ready` answering 200.',
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

async function memoryOf(pid: number): Promise<number> {
  const said = await readFile(`/proc/${pid}/status`, 'utf8').catch(
    async () => `VmRSS: ${(await run('ps', ['-o', 'rss=', '-p', String(pid)])).out}`,
  )
  return Number(/VmRSS:\s*(\d+)/.exec(said)?.[1]) / 1024
}

const memory: Piece = {
  name: 'memory',
  about:
    'Resident memory of the server: ten seconds after the start, and ten seconds after 20 s of `GET /api/keys` over 50 connections. Aim when idle: under 150 MB.',
  measure: folder =>
    withServer(join(folder, 'data'), async ({ url, pid }) => {
      await setTimeout(10_000)
      const idle = await memoryOf(pid)
      const { key } = await populate(url)
      await load(`${url}/api/keys`, 20, 50, ['-H', `authorization=Bearer ${key}`])
      await setTimeout(10_000)
      return [
        ['when', 'resident'],
        ['idle', `${idle.toFixed(0)} MB`],
        ['after load', `${(await memoryOf(pid)).toFixed(0)} MB`],
      ]
    }),
}

async function withEcho<T>(use: (url: string) => Promise<T>): Promise<T> {
  const child = start(process.execPath, [join(root, 'bench/echo.ts')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = child.stdout ? await once(child.stdout, 'data') : ['']
  try {
    return await use(String(said).trim())
  } finally {
    const ended = once(child, 'exit')
    child.kill()
    await ended
  }
}

const rate: Piece = {
  name: 'rate',
  about:
    'Answers per second over 50 connections, three rounds of 8 s each in turn, median round. The echo is a bare Fastify that answers `{"status":"ok"}`; the list has 50 rows and is asked for with an API key. The server logs every request, as it does by default.',
  measure: folder =>
    withServer(join(folder, 'data'), ({ url }) =>
      withEcho(async echo => {
        const { key } = await populate(url)
        const asked: [string, string, string[]][] = [
          ['bare Fastify echo', echo, []],
          ['`GET /api/health`', `${url}/api/health`, []],
          ['`GET /api/keys`', `${url}/api/keys`, ['-H', `authorization=Bearer ${key}`]],
        ]
        for (const [, at, more] of asked) await load(at, 3, 50, more)
        const rounds: Load[][] = asked.map(() => [])
        for (let round = 0; round < 3; round += 1)
          for (const [index, [, at, more]] of asked.entries()) rounds[index]?.push(await load(at, 8, 50, more))
        const best = rounds.map(loads => loads.toSorted((a, b) => a.perSecond - b.perSecond)[1])
        const rows = best.map((it, index) =>
          it === undefined
            ? []
            : [
                asked[index]?.[0] ?? '',
                whole(it.perSecond),
                `${((100 * it.perSecond) / (best[0]?.perSecond ?? 1)).toFixed(0)} %`,
                ms(it.p50),
                ms(it.p99),
                whole(it.bad),
              ],
        )
        return [['asked', 'per second', 'of the echo', 'p50', 'p99', 'not 2xx'], ...rows]
      }),
    ),
}

const login: Piece = {
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

/** Everything that is measured. */
export const pieces: Piece[] = [cold, memory, rate, login]
