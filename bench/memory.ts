import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { run } from '../tools/child.ts'
import { slope } from './engine.ts'
import { demandCompleted, drained } from './hook.ts'
import { ask, load, posting } from './load.ts'
import { mb, type Piece, seconds, whole, withServer } from './piece.ts'
import { populate, post, register } from './server.ts'
import { type Box, draw, ORDER, SHORT } from './workflow.ts'

/** What a process has in memory now, in megabytes. */
async function memoryOf(pid: number): Promise<number> {
  const said = await readFile(`/proc/${pid}/status`, 'utf8').catch(
    async () => `VmRSS: ${(await run('ps', ['-o', 'rss=', '-p', String(pid)])).out}`,
  )
  return Number(/VmRSS:\s*(\d+)/.exec(said)?.[1]) / 1024
}

/** The most that a process has had in memory since this was asked for. */
async function peakOf(pid: number): Promise<() => Promise<number>> {
  await writeFile(`/proc/${pid}/clear_refs`, '5').catch(cause => {
    throw new Error('only Linux knows the peak of a process', { cause })
  })
  return async () => Number(/VmHWM:\s*(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

/** What a server has in memory when it has nothing to do, and after it had. */
export const memory: Piece = {
  name: 'memory',
  about: `Resident memory of the server: ten seconds after the start, and ten seconds after ${seconds(20)} s of \`GET /api/keys\` over 50 connections. It has been started before: the very first start compiles, and holds some 25 MB more.`,
  async measure(folder) {
    await withServer(join(folder, 'first'), async () => {})
    return withServer(join(folder, 'data'), async ({ url, pid }) => {
      await setTimeout(10_000)
      const idle = await memoryOf(pid)
      const { key } = await populate(url)
      await load(`${url}/api/keys`, seconds(20), 50, ['-H', `authorization=Bearer ${key}`])
      await setTimeout(10_000)
      return [
        ['when', 'resident', 'aim'],
        ['idle', mb(idle), '< 150 MB'],
        ['after load', mb(await memoryOf(pid)), ''],
      ]
    })
  },
}

/** 5 MB of JSON: one long text, or many short rows, which take a multiple of it as objects. */
const BODIES = {
  'one text': () => ({ text: 'lorem ipsum dolor '.repeat(Math.ceil(SIZE / 18)).slice(0, SIZE) }),
  rows: () => ({
    rows: Array.from({ length: Math.ceil(SIZE / 200) }, (_none, at) => ({
      id: at + 1_000_000,
      name: `Customer number ${at + 100_000}`,
      mail: `customer.${at + 100_000}@example.org`,
      amount: at * 1.25 + 1000,
      note: 'A sentence such as a person would write it into a form. '.slice(0, 56),
      tags: ['new', 'europe'],
    })),
  }),
}
const SIZE = 5 * 2 ** 20

const FIVE: readonly Box[] = [0, 1, 2, 3, 4].map(at => ({
  key: `n${at}`,
  block: 'core.set',
  params: { fields: { body: at === 0 ? '{{ trigger.body }}' : `{{ n${at - 1}.body }}` } },
}))

/** Sends a body so many times at once through five nodes, to a fresh server. */
async function passOn(folder: string, name: string, times: number): Promise<string[]> {
  const text = JSON.stringify(BODIES[name === 'rows' ? 'rows' : 'one text']())
  const file = join(folder, 'body.json')
  await writeFile(file, text)
  const data = join(folder, `${name === 'rows' ? 'rows' : 'text'}-${times}`)
  return withServer(data, async ({ url, pid }) => {
    const hook = await draw(url, await register(url), 'finished', FIVE)
    for (let count = 0; count < 20; count += 1) await post(hook, ORDER)
    await setTimeout(5_000)
    const idle = await memoryOf(pid)
    const peak = await peakOf(pid)
    const { good } = await ask({ url: hook, connections: times, amount: times, file, least: text.length })
    await drained(data)
    const most = await peak()
    demandCompleted(data, times)
    const size = text.length / 2 ** 20
    return [
      `${size.toFixed(1)} MB, ${name}`,
      String(times),
      `${good} of ${times}`,
      mb(idle),
      mb(most),
      mb(most - idle),
      `${((most - idle) / size).toFixed(1)} ×`,
      times === 1 ? '< 12 × the body above idle' : 'peak < 600 MB',
    ]
  })
}

/** What a large value costs on its way. */
export const body: Piece = {
  name: 'body',
  about:
    'A large JSON body through five nodes that each pass it on, behind a webhook that answers with it. Each line is a server of its own, after 20 small calls; the peak is the most that the process had resident (`VmHWM`).',
  async measure(folder) {
    const rows: string[][] = []
    for (const times of [1, 50]) for (const name of Object.keys(BODIES)) rows.push(await passOn(folder, name, times))
    return [['body', 'at once', 'answered with it', 'idle', 'peak', 'above idle', 'of one body', 'aim'], ...rows]
  },
}

/** Does a server that works all the time stay as large as it is? */
export const flat: Piece = {
  name: 'flat',
  about: `Resident memory under the load of the first piece (webhook → set → if → set, 50 connections, answered at the end) for ${seconds(300)} s.`,
  measure: folder =>
    withServer(join(folder, 'data'), async ({ url, pid }) => {
      const data = join(folder, 'data')
      await setTimeout(10_000)
      const idle = await memoryOf(pid)
      const hook = await draw(url, await register(url), 'finished', SHORT)
      for (let count = 0; count < 20; count += 1) await post(hook, ORDER)
      await setTimeout(5_000)
      const begins = await memoryOf(pid)
      const peak = await peakOf(pid)
      const length = seconds(300)
      const going = load(hook, length, 50, posting(ORDER))
      void going.catch(() => {})
      const begun = performance.now()
      const samples: [number, number][] = []
      for (let count = 1; count <= 60; count += 1) {
        await setTimeout(Math.max(0, begun + (count * length * 1000) / 61 - performance.now()))
        samples.push([(performance.now() - begun) / 60_000, await memoryOf(pid)])
      }
      const it = await going
      const most = await peak()
      await drained(data)
      demandCompleted(data, it.good)
      const shown = samples.filter((_one, at) => at % 6 === 5)
      return [
        ['when', 'resident', 'aim'],
        ['idle, ten seconds after the start', mb(idle), '< 150 MB'],
        ['after an account, a workflow and 20 executions', mb(begins), ''],
        ...shown.map(([minute, size]) => [`${(minute * 60).toFixed(length < 60 ? 1 : 0)} s under load`, mb(size), '< 350 MB']),
        ['peak', mb(most), '< 350 MB'],
        ['growth in the second half', `${slope(samples.slice(30)).toFixed(1)} MB per minute`, 'none'],
        ['executions', `${whole(it.good)}, ${whole(it.perSecond)} per second, ${it.bad} not 2xx`, ''],
      ]
    }),
}
