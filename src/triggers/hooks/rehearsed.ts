import { z } from 'zod'
import { Fault } from '#errors.ts'
import { measure } from '#executions/pieces.ts'
import type { Shell } from '#executions/shell.ts'
import type { DoorAnswer, Knock } from '#http/door.ts'
import { BadTemplate } from '#template/fill.ts'
import { parseDocument } from '#workflows/document.ts'
import { admit } from './admit.ts'
import { json } from './answer.ts'
import { readCall, unpackBody } from './call.ts'
import { gateOf } from './doors.ts'
import { challengeOf } from './verify.ts'

/** What addresses for test calls begin with. */
const BEGIN = 'try-'

/** The most bytes of JSON that are kept of a test call. */
const LARGEST = 256 * 1024

/** Is it the key of a test call? Those of triggers are shorter. */
export const isRehearsal = (key: string): boolean => key.startsWith(BEGIN) && key.length > KEY_LENGTH

/** A key of 144 bits; 128 are 22 letters. */
export const rehearsalKey = (secret: (bytes: number) => string): string => BEGIN + secret(18)
const KEY_LENGTH = 22

/** The topic of the feed under which news of a test call is announced. */
export const rehearsalTopic = (key: string): string => `rehearsal/${key}`

/** What came: the sample, or why the last call was not taken. */
export const HEARD = z.object({
  sample: z.unknown(),
  refused: z.object({ at: z.number(), code: z.string(), message: z.string() }).nullable(),
})

/** Takes a test call: the first that is verified as the node of the draft says. Any process may take it. */
export async function rehearsed(shell: Shell, key: string, knock: Knock): Promise<DoorAnswer> {
  const { workspace, node } = await findStage(shell, key)
  try {
    const gate = await gateOf(shell, workspace, node.params, node.credential ?? null)
    const admitted = admit(gate, knock, shell.world.clock.now())
    if ('preflight' in admitted) return admitted.preflight
    await unpackBody(gate, knock)
    const call = await readCall(shell.world, workspace, gate, knock)
    const challenge = challengeOf(gate.verify, call.body)
    if (challenge !== null) return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: challenge }
    if (measure(call, LARGEST) < 0) throw new Fault('request.too_large', { message: `A test call has at most ${LARGEST} bytes.` })
    const now = shell.world.clock.now()
    if (!(await put(shell, key, { heard_at: now, heard: JSON.stringify({ sample: call, refused: null }) })))
      throw new Fault('hook.not_found')
    return json(200, { received: true }, null)
  } catch (error) {
    const fault = faultOf(error)
    if (fault instanceof Fault && fault.code !== 'hook.not_found') await putRefused(shell, key, fault)
    throw fault
  }
}

/** A draft may say anything. */
const faultOf = (error: unknown): unknown =>
  error instanceof z.ZodError || error instanceof BadTemplate
    ? new Fault('trigger.bad_params', { message: 'The node has errors; mend them in the draft first.', cause: error })
    : error

async function findStage(shell: Shell, key: string) {
  const row = await shell.world.db
    .selectFrom('rehearsals')
    .innerJoin('workflows', 'workflows.id', 'rehearsals.workflow_id')
    .select(['rehearsals.workspace_id', 'rehearsals.node_id', 'workflows.draft'])
    .where('rehearsals.key', '=', key)
    .where('rehearsals.heard_at', 'is', null)
    .where('rehearsals.until', '>', shell.world.clock.now())
    .where('workflows.archived_at', 'is', null)
    .executeTakeFirst()
  const node = row && parseDocument(row.draft).nodes.find(({ id }) => id === row.node_id)
  if (!row || !node) throw new Fault('hook.not_found')
  return { workspace: row.workspace_id, node }
}

/** It goes on waiting, and says why. */
const putRefused = (shell: Shell, key: string, { code, message }: Fault) =>
  put(shell, key, { heard: JSON.stringify({ sample: null, refused: { at: shell.world.clock.now(), code, message } }) })

/** False where another call was taken already. */
async function put({ world }: Shell, key: string, set: { heard_at?: number; heard: string }): Promise<boolean> {
  const { numUpdatedRows } = await world.db
    .updateTable('rehearsals')
    .set(set)
    .where('key', '=', key)
    .where('heard_at', 'is', null)
    .executeTakeFirst()
  world.feed.nudge(rehearsalTopic(key))
  return numUpdatedRows === 1n
}
