import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { root, start } from '../tools/child.ts'
import { type Load, shortest } from './load.ts'
import { type Server, startServer } from './server.ts'

/** One thing that is measured; answers with a table. */
export type Piece = { name: string; about: string; measure: (folder: string) => Promise<string[][]> }

/** How long one round is loaded; `SECONDS` says it for all of them, to see quickly whether a bench works. */
export const seconds = (usual: number): number => Number(process.env.SECONDS || usual)

/** Milliseconds, as a table shows them. */
export const ms = (value: number): string => `${value.toFixed(value < 1 ? 2 : value < 10 ? 1 : 0)} ms`

/** A whole number, as a table shows it. */
export const whole = (value: number): string => Math.round(value).toLocaleString('en')

/** Megabytes, as a table shows them. */
export const mb = (value: number): string => `${whole(value)} MB`

/** One number as a part of another. */
export const share = (part: number, of: number): string => `${((100 * part) / of).toFixed(0)} %`

/** The one in the middle. */
export const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** A server for as long as something is measured. */
export async function withServer<T>(
  folder: string,
  use: (server: Server) => Promise<T>,
  env: Record<string, string> = {},
): Promise<T> {
  await mkdir(folder, { recursive: true })
  const server = await startServer(folder, env)
  try {
    return await use(server)
  } finally {
    await server.close()
  }
}

/** A program of this folder that says its address, for as long as something is measured. */
export async function withProgram<T>(name: string, args: string[], use: (url: string) => Promise<T>): Promise<T> {
  const child = start(process.execPath, [join(root, 'bench', name), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const said = child.stdout ? once(child.stdout, 'data') : Promise.resolve([''])
  const first = await Promise.race([said, ended.then(([code]) => Promise.reject(new Error(`${name} ended with ${code}`)))])
  try {
    return await use(String(first[0]).trim())
  } finally {
    child.kill()
    await ended
  }
}

/**
 * Measures several things in turn, three times, so that whatever else the machine does meets all of them. Of each the round in the
 * middle counts, with everything that was asked and refused in all of them.
 */
export async function inTurn(things: readonly ((seconds: number) => Promise<Load>)[], length: number): Promise<Load[]> {
  const rounds: Load[][] = things.map(() => [])
  for (const round of [0, 1, 2, 3])
    for (const [index, measure] of things.entries())
      rounds[index]?.push({ ...(await measure(round === 0 ? shortest(length) : length)), warm: round === 0 })
  return rounds.map(loads => {
    const [, it] = loads.filter(one => !one.warm).toSorted((a, b) => a.perSecond - b.perSecond)
    const sum = (of: (load: Load) => number) => loads.reduce((all, one) => all + of(one), 0)
    if (it === undefined) throw new Error('nothing was measured')
    return { ...it, bad: sum(one => one.bad), good: sum(one => one.good) }
  })
}
