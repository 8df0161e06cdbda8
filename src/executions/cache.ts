import { createHash } from 'node:crypto'
import type { Held } from '#engine/events.ts'
import { canonical } from '#workflows/canonical.ts'
import type { Part } from './plans.ts'
import type { Run, Statement } from './run.ts'
import type { Scope } from './scope.ts'
import type { Shell } from './shell.ts'

/** What a node put out the last time it was given the same. */
export type Kept = { outlet: string; also?: string[]; output: Held }

/** What must be the same for an output to be used again: the block, its version, its credential, and all that it is given. */
export function cacheKey({ block, credential }: Part, input: unknown, seen: Scope): string {
  return createHash('sha256')
    .update(canonical({ block: block.id, version: block.version, credential, input, seen }))
    .digest('hex')
}

/** Looks for an output that is still fresh; a large one counts only while some execution holds it. */
export async function findKept({ world }: Shell, workspace: string, key: string): Promise<Kept | null> {
  const row = await world.db
    .selectFrom('kept_outputs')
    .select(['outlet', 'output'])
    .where('workspace_id', '=', workspace)
    .where('hash', '=', key)
    .where('until', '>', world.clock.now())
    .executeTakeFirst()
  if (!row) return null
  const { also, ...output }: Held & { also?: string[] } = JSON.parse(row.output)
  const kept = { outlet: row.outlet, ...(also ? { also } : {}), output }
  if (!('ref' in output)) return kept
  const held = await world.db
    .selectFrom('held_values')
    .select('hash')
    .where('workspace_id', '=', workspace)
    .where('hash', '=', output.ref)
    .limit(1)
    .executeTakeFirst()
  return held ? kept : null
}

/** Keeps an output, in the write that journals it. */
export function keeping(
  { sentences, world }: Shell,
  run: Run,
  key: string,
  { outlet, also, output }: Kept,
  time: number,
): Statement {
  const now = world.clock.now()
  return sentences.keep(run.workspace, key, outlet, JSON.stringify({ ...output, also }), now, now + time)
}
