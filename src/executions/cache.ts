import { createHash } from 'node:crypto'
import type { Held } from '#engine/events.ts'
import { isObject } from '#sdk/given.ts'
import { findFiles } from '#uploads/queries.ts'
import { canonical } from '#workflows/canonical.ts'
import { hinted } from '#workflows/check/schema.ts'
import type { World } from '#world.ts'
import type { Part } from './plans.ts'
import type { Run, Statement } from './run.ts'
import type { Scope } from './scope.ts'
import type { Shell } from './shell.ts'

/** What a node put out the last time it was given the same. */
export type Kept = { outlet: string; also?: string[]; output: Held }

/**
 * What must be the same for an output to be used again: the block, its version, its credential, and all that it is given; of files
 * what is in them and how they are called, for the same one may have been uploaded twice.
 */
export async function cacheKey(shell: Shell, workspace: string, part: Part, input: unknown, seen: Scope): Promise<string> {
  const { block, credential } = part
  const named = hinted(block, input, 'file').flatMap(({ path, value }) => fileIds(value).map(id => ({ at: path.join('.'), id })))
  const found = await findFiles(shell.world.db, workspace, [...new Set(named.map(one => one.id))])
  const files = named.map(({ at, id }) => {
    const file = found.find(one => one.id === id)
    return { at, file: file ? [file.name, file.type, file.hash] : id }
  })
  const given = files.length === 0 ? input : withoutFiles(input, new Set(named.map(one => one.at)))
  return createHash('sha256')
    .update(canonical({ block: block.id, version: block.version, credential, input: given, files, seen }))
    .digest('hex')
}

/** A file is given as its id, as a value, or as a list of either. */
const fileIds = (value: unknown): string[] =>
  [value].flat().flatMap(one => (typeof one === 'string' ? [one] : isObject(one) && typeof one.id === 'string' ? [one.id] : []))

function withoutFiles(value: unknown, paths: ReadonlySet<string>, at = ''): unknown {
  if (paths.has(at)) return null
  const under = (name: string | number) => (at === '' ? `${name}` : `${at}.${name}`)
  if (Array.isArray(value)) return value.map((one, nth) => withoutFiles(one, paths, under(nth)))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutFiles(one, paths, under(name))]))
}

/** Looks for an output that is still fresh; a large one counts only while some execution holds it. */
export async function findKept({ world, values }: Shell, workspace: string, key: string): Promise<Kept | null> {
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
  const text = 'ref' in output ? await values.text(workspace, output.ref).catch(() => null) : row.output
  if (text === null || !(await hasFiles(world, workspace, text))) return null
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

/** The files that an output speaks of may have been deleted since. */
async function hasFiles({ db }: World, workspace: string, text: string): Promise<boolean> {
  const ids = new Set([...text.matchAll(/"url":"\/api\/files\/(file_\w+)"/g)].map(([, id = '']) => id))
  return (await findFiles(db, workspace, [...ids])).length === ids.size
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
