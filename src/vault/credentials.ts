import type { Selectable } from 'kysely'
import { z } from 'zod'
import { record } from '#audit/record.ts'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import { iso, pageOf } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { MOST_FIELDS, TOO_MANY } from './contract.ts'
import { findCredential, listCredentials } from './queries.ts'
import type { SealedRow, Values, Writer } from './vault.ts'

type Row = Pick<Selectable<Tables['credentials']>, 'id' | 'name' | 'kind' | 'fields' | 'created_at' | 'created_by' | 'updated_at'>

const NAMES = z.array(z.string())
const namesOf = (values: Values) => JSON.stringify(Object.keys(values).toSorted())

const show = (row: Row) => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  fields: NAMES.parse(JSON.parse(row.fields)),
  createdAt: iso(row.created_at),
  createdBy: row.created_by,
  updatedAt: iso(row.updated_at),
})

/** Lists the credentials. */
export async function credentials({ db }: World, { caller, query }: Given<typeof contract.credentials>) {
  const { items, next } = pageOf(await listCredentials(db, caller.workspace, query), query.limit)
  return { items: items.map(show), next }
}

/** Makes a credential. */
export async function createCredential(world: World, { caller, body }: Given<typeof contract.createCredential>) {
  const id = world.ids.next('cred')
  const now = world.clock.now()
  const row = {
    id,
    workspace_id: caller.workspace,
    name: body.name,
    kind: body.kind,
    fields: namesOf(body.values),
    created_at: now,
    created_by: caller.user.id,
    updated_at: now,
  }
  await world.db.transaction().execute(async trx => {
    const writer = await world.vault.write(trx)
    await trx
      .insertInto('credentials')
      .values({ ...row, ...writer.seal(caller.workspace, id, body.values) })
      .execute()
    await record(
      trx,
      world,
      caller,
      'credential.created',
      { id, name: row.name },
      { kind: row.kind, fields: Object.keys(body.values) },
    )
  })
  return show(row)
}

/** Changes the name or values of a credential; the audit log names the fields, never the values. */
export async function changeCredential(world: World, { caller, params, body }: Given<typeof contract.changeCredential>) {
  return world.db.transaction().execute(async trx => {
    const writer = await world.vault.write(trx)
    const row = await findCredential(trx, caller.workspace, params.id)
    if (!row) throw new Fault('credential.not_found')
    const set = {
      name: body.name ?? row.name,
      updated_at: world.clock.now(),
      ...(body.values && reseal(writer, row, body.values)),
    }
    await trx.updateTable('credentials').set(set).where('workspace_id', '=', caller.workspace).where('id', '=', row.id).execute()
    const details = { fields: Object.keys(body.values ?? {}), ...(set.name === row.name ? {} : { from: row.name }) }
    await record(trx, world, caller, 'credential.changed', { id: row.id, name: set.name }, details)
    return show({ ...row, ...set })
  })
}

/** Deletes a credential. */
export async function deleteCredential(world: World, { caller, params }: Given<typeof contract.deleteCredential>) {
  await world.db.transaction().execute(async trx => {
    const row = await trx
      .deleteFrom('credentials')
      .where('workspace_id', '=', caller.workspace)
      .where('id', '=', params.id)
      .returning(['name', 'kind'])
      .executeTakeFirst()
    if (!row) throw new Fault('credential.not_found')
    await record(trx, world, caller, 'credential.deleted', { id: params.id, name: row.name }, { kind: row.kind })
  })
  return { ok: true as const }
}

function reseal(writer: Writer, row: SealedRow, changes: Record<string, string | null>) {
  const values = { ...writer.open(row) }
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete values[name]
    else values[name] = value
  }
  if (Object.keys(values).length > MOST_FIELDS)
    throw new Fault('request.invalid', { details: [{ path: 'body.values', message: TOO_MANY }] })
  return { ...writer.seal(row.workspace_id, row.id, values), fields: namesOf(values) }
}
