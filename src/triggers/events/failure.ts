import { z } from 'zod'
import { acceptOnce } from '#executions/accept.ts'
import { FAILURE } from '#executions/ends.ts'
import { LANES } from '#executions/execute.ts'
import type { Shell } from '#executions/shell.ts'
import { idOf } from '#ids.ts'
import type { Happening } from './dispatch.ts'
import { chainOf } from './queries.ts'
import { isPassing } from './start.ts'

/** What is written down where an execution fails: the workflow that its own names, and what the error workflow begins with. */
const WANTED = z.object({ workflow: z.string().nullable(), input: z.unknown() })

/** Starts the error workflow of an execution that failed, once: what wants it is closed in the same write. */
export async function startFailure(shell: Shell, row: Happening): Promise<void> {
  const { world } = shell
  const { workflow: own, input } = WANTED.parse(JSON.parse(row.data))
  const chain = row.cause === null ? [] : await chainOf(world.db, row.workspace_id, row.cause)
  // What an error workflow has led to starts no other one.
  const found = chain.some(one => one.start === FAILURE) ? null : await findWorkflow(shell, row, own)
  if (!found) return close(shell, row)
  try {
    const ready = await shell.plans.load(row.workspace_id, found)
    const wanted = {
      workspace: row.workspace_id,
      ready,
      start: FAILURE,
      triggerId: null,
      nodeId: shell.startOf(ready, ['manual', 'api']),
      lane: LANES[ready.drawn.settings.priority],
      parent: row.cause === null ? null : { id: row.cause, path: null, depth: row.depth - 1 },
      forkedFrom: null,
      id: idOf('exe', row.at, row.id),
      guard: () => shell.sentences.close(row.id),
    }
    await acceptOnce(shell, wanted, input)
  } catch (err) {
    if (isPassing(shell, row, err)) throw err
    world.log.error({ err, execution: row.cause, version: found }, 'an error workflow could not be started')
    await close(shell, row)
  }
}

/** The live version of the first that can be started: what the workflow itself names, and what the workspace does. */
async function findWorkflow({ world }: Shell, row: Happening, own: string | null): Promise<string | null> {
  const workspace = await world.db
    .selectFrom('workspaces')
    .select('on_failure')
    .where('id', '=', row.workspace_id)
    .executeTakeFirst()
  for (const workflow of [own, workspace?.on_failure ?? null]) {
    if (workflow === null) continue
    const version = await world.db
      .selectFrom('workflows')
      .innerJoin('workflow_versions', it =>
        it.onRef('workflow_versions.workflow_id', '=', 'workflows.id').onRef('workflow_versions.number', '=', 'workflows.live'),
      )
      .select('workflow_versions.id')
      .where('workflows.workspace_id', '=', row.workspace_id)
      .where('workflows.id', '=', workflow)
      .where('workflows.archived_at', 'is', null)
      .executeTakeFirst()
    if (version) return version.id
    world.log.warn({ workflow, execution: row.cause }, 'the error workflow that is named is archived, not published or not there')
  }
  return null
}

async function close({ journal, sentences }: Shell, row: Happening): Promise<void> {
  const outcome = await journal.write([sentences.close(row.id)])
  if (outcome instanceof Error) throw outcome
}
