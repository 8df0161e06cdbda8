import { Fault } from '#errors.ts'
import type { Shell } from '#executions/shell.ts'
import { awake, type Origin, originOf } from '#triggers/origin.ts'
import { TRIGGERS } from '#workflows/versions/triggers.ts'
import { type Settings, settingsOf } from './settings.ts'
import { type Secret, secretsOf } from './verify.ts'

/** What is looked at before a call is let in. */
export type Gate = Settings & { secrets: readonly Secret[] }

/** What a webhook's address leads to. */
export type Door = Origin & Gate

/** What was looked up holds for so long, and no longer than until something is published or switched. */
const FRESH = 1_000
const KEPT = 5_000

type Known = { at: number; door: Promise<Door> }
const known = new WeakMap<Shell, Map<string, Known>>()

/** What an address leads to. Fails with `hook.not_found`, and says nothing else about what is not open. */
export function findDoor(shell: Shell, key: string): Promise<Door> {
  const doors = doorsOf(shell)
  const now = shell.world.clock.now()
  const found = doors.get(key)
  if (found && now - found.at < FRESH && now >= found.at) return found.door
  const door = look(shell, key)
  doors.set(key, { at: now, door })
  door.catch(() => doors.delete(key))
  const [oldest] = doors.keys()
  if (doors.size > KEPT && oldest !== undefined) doors.delete(oldest)
  return door
}

/** The same of what was looked up before, however long ago that is; asks nobody. */
export const lastDoor = (shell: Shell, key: string): Promise<Door> | null => doorsOf(shell).get(key)?.door ?? null

function doorsOf(shell: Shell): Map<string, Known> {
  const before = known.get(shell)
  if (before) return before
  const doors = new Map<string, Known>()
  known.set(shell, doors)
  shell.world.feed.listen(TRIGGERS, () => doors.clear())
  return doors
}

async function look(shell: Shell, key: string): Promise<Door> {
  const row = await awake(shell.world.db)
    .select([
      'triggers.id',
      'triggers.workspace_id',
      'triggers.node_id',
      'triggers.kind',
      'triggers.params',
      'triggers.credential',
    ])
    .select('workflow_versions.id as version')
    .where('triggers.key', '=', key)
    .where('triggers.wakes', '=', 'call')
    .executeTakeFirst()
  if (!row) throw new Fault('hook.not_found')
  const params: unknown = JSON.parse(row.params)
  return { ...(await originOf(shell, row)), ...(await gateOf(shell, row.workspace_id, params, row.credential)) }
}

/** The kind of credential that has the secrets of a webhook. */
export const SECRET = 'webhook.secret'

/** What is looked at before a call of a node with these parameters and this credential is let in. */
export async function gateOf(shell: Shell, workspace: string, params: unknown, credential: string | null): Promise<Gate> {
  const settings = settingsOf(params)
  const values = credential === null ? null : await valuesOf(shell, workspace, credential)
  return { ...settings, secrets: secretsOf(settings.verify, values) }
}

/** Nothing where it is gone or of another kind: then nobody is let in. */
async function valuesOf(shell: Shell, workspace: string, id: string): Promise<Record<string, string>> {
  try {
    const { kind, values } = await shell.credential(workspace, id)
    return kind === SECRET ? values : {}
  } catch (error) {
    if (error instanceof Fault && error.code === 'credential.not_found') return {}
    throw error
  }
}
