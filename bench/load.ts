import { run } from '../tools/child.ts'

/** How fast something answered. */
export type Load = { perSecond: number; p50: number; p99: number; bad: number }

/** Asks one address as fast as it answers, over some connections, from a process of its own. */
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
  const { requests, latency, non2xx, errors, timeouts } = JSON.parse(text)
  return { perSecond: requests.average, p50: latency.p50, p99: latency.p99, bad: non2xx + errors + timeouts }
}
