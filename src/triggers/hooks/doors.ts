import { z } from 'zod'
import { Fault } from '#errors.ts'
import type { Shell } from '#executions/shell.ts'
import { type Filler, prepare } from '#template/fill.ts'
import { awake, type Origin, originOf } from '#triggers/origin.ts'
import { TRIGGERS } from '#workflows/versions/triggers.ts'

/** What a webhook's address leads to. */
export type Door = Origin & {
  reply: 'accepted' | 'finished' | 'respond' | 'stream'
  methods: string[]
  verify: unknown
  /** Makes the text that is the same in repeated calls. */
  dedupe: Filler | null
}

const PARAMS = z.looseObject({
  reply: z.enum(['accepted', 'finished', 'respond', 'stream']).catch('accepted'),
  methods: z.array(z.string()).catch(['POST']),
  verify: z.unknown().optional(),
  dedupe: z.string().optional(),
})

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
    .select(['triggers.id', 'triggers.workspace_id', 'triggers.node_id', 'triggers.kind', 'triggers.params'])
    .select('workflow_versions.id as version')
    .where('triggers.key', '=', key)
    .where('triggers.wakes', '=', 'call')
    .executeTakeFirst()
  if (!row) throw new Fault('hook.not_found')
  const { reply, methods, verify, dedupe } = PARAMS.parse(JSON.parse(row.params))
  return {
    ...(await originOf(shell, row)),
    reply,
    methods: methods.map(method => method.toUpperCase()),
    verify,
    dedupe: dedupe ? prepare(dedupe) : null,
  }
}
