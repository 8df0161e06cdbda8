import type { Kysely } from 'kysely'
import { record } from '#audit/record.ts'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import { iso } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import { demandTrigger } from '#triggers/triggers.ts'
import { findCredential } from '#vault/queries.ts'
import type { Values } from '#vault/vault.ts'
import { TRIGGERS } from '#workflows/versions/triggers.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { SECRET } from './doors.ts'

/** Changes the secret of a webhook, and lets the one before count for a while. The audit log names the credential, never a value. */
export async function changeSecret(world: World, { caller, params, body }: Given<typeof contract.changeSecret>) {
  const answer = await world.db.transaction().execute(async trx => {
    const writer = await world.vault.write(trx)
    const trigger = await demandTrigger(trx, caller.workspace, params.id)
    const row = await demandSecret(trx, caller.workspace, trigger.credential)
    const { secret: before, previous: _older, previousUntil: _then, ...others } = writer.open(row)
    const secret = body.secret ?? freshSecret(world, trigger.params)
    const until = world.clock.now() + body.keepPrevious * 1000
    const keeps = body.keepPrevious > 0 && before !== undefined && before !== secret
    const values: Values = { ...others, secret, ...(keeps ? { previous: before, previousUntil: iso(until) } : {}) }
    const fields = Object.keys(values).toSorted()
    await trx
      .updateTable('credentials')
      .set({ ...writer.seal(caller.workspace, row.id, values), fields: JSON.stringify(fields), updated_at: world.clock.now() })
      .where('workspace_id', '=', caller.workspace)
      .where('id', '=', row.id)
      .execute()
    const details = { credential: row.id, keepPrevious: body.keepPrevious, node: trigger.node_id }
    await record(trx, world, caller, 'trigger.secret_changed', { id: trigger.id, name: row.name }, details)
    return { secret, previousUntil: keeps ? iso(until) : null }
  })
  world.feed.nudge(TRIGGERS)
  return answer
}

async function demandSecret(trx: Kysely<Tables>, workspace: string, credential: string | null) {
  const row = credential === null ? undefined : await findCredential(trx, workspace, credential)
  if (row?.kind !== SECRET) throw new Fault('trigger.no_secret')
  return row
}

/** By chance, and written as the way of verifying writes it. */
function freshSecret({ ids }: Pick<World, 'ids'>, params: string): string {
  const { kind } = Object(Object(JSON.parse(params)).verify)
  const secret = ids.secret()
  return kind === 'standard' ? `whsec_${Buffer.from(secret, 'base64url').toString('base64')}` : secret
}
