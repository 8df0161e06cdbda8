import { join } from 'node:path'
import { root, run } from '../tools/child.ts'

/** How fast something answered: times in milliseconds, `good` and `bad` are the answers with and without a status of 200 to 299. */
export type Load = { perSecond: number; p50: number; p99: number; good: number; bad: number; warm?: boolean }

/** A warm-up is a third of a round, two seconds at least. */
export const shortest = (length: number): number => Math.max(2, Math.ceil(length / 3))

/** Asks one address as fast as it answers, over some connections, from a process of its own. Its times are whole milliseconds. */
export async function load(url: string, seconds: number, connections: number, more: string[] = []): Promise<Load> {
  const { code, out } = await run('autocannon', [
    '--json',
    '--no-progress',
    '-c',
    String(connections),
    '-d',
    String(seconds),
    '-t',
    '60',
    ...more,
    url,
  ])
  const text = out.slice(out.indexOf('{'), out.lastIndexOf('}') + 1)
  if (code !== 0 || text === '') throw new Error(`autocannon ended with ${code}: ${out}`)
  const { requests, latency, non2xx, errors, timeouts, '2xx': good } = JSON.parse(text)
  return { perSecond: requests.average, p50: latency.p50, p99: latency.p99, good, bad: non2xx + errors + timeouts }
}

/** How `load` sends JSON. */
export const posting = (body: object): string[] => [
  '-m',
  'POST',
  '-H',
  'content-type=application/json',
  '-b',
  JSON.stringify(body),
]

/** What is asked again and again over some connections, for some seconds or so many times; an answer has a status and at least so many bytes. */
export type Job = {
  url: string
  connections: number
  seconds?: number
  amount?: number
  headers?: Record<string, string>
  /** What is posted, or the file it stands in; without either it is a GET. */
  body?: object
  file?: string
  status?: number
  least?: number
}

/** Asks exactly: times are in parts of a millisecond, and every answer is looked at. For few connections. */
export async function ask(job: Job): Promise<Load> {
  const { code, out } = await run(process.execPath, [join(root, 'bench/caller.ts'), JSON.stringify(job)])
  if (code !== 0) throw new Error(`the caller ended with ${code}: ${out}`)
  return JSON.parse(out)
}
