import { readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { exists, hasCode, makeFolder, syncFolder, writeSafely } from './disk.ts'

/** Moves within one folder, as names relative to it. */
export type Move = { from: string; to: string }

const PLAN = 'restoring.json'
const Plan = z.strictObject({ moves: z.array(z.strictObject({ from: z.string(), to: z.string() })) })

/**
 * Does several moves as if they were one. Once the plan is written they will all be done: now, or, when the process is killed in
 * between, by the next one that opens the folder. A move whose goal is there was done before, so the plan can be walked again from
 * its beginning. For that to be true each goal must be free, or be freed by an earlier move of the plan.
 */
export async function swap(dir: string, moves: Move[]): Promise<void> {
  await writeSafely(join(dir, PLAN), JSON.stringify({ moves }))
  await finishSwap(dir)
}

/** Ends what a killed process began; answers whether there was anything. */
export async function finishSwap(dir: string): Promise<boolean> {
  const plan = join(dir, PLAN)
  if (!(await exists(plan))) return false
  const { moves } = Plan.parse(JSON.parse(await readFile(plan, 'utf8')))
  for (const { from, to } of moves) await move(join(dir, from), join(dir, to))
  await rm(plan, { force: true })
  await syncFolder(dir)
  return true
}

async function move(from: string, to: string): Promise<void> {
  if (await exists(to)) return
  await makeFolder(dirname(to))
  try {
    await rename(from, to)
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || !(await exists(to))) throw error // Servers that share the folder may start at once.
  }
  await syncFolder(dirname(to))
  await syncFolder(dirname(from))
}

/** Was a restore killed here before it was through? */
export const isSwapOpen = (dir: string): Promise<boolean> => exists(join(dir, PLAN))
