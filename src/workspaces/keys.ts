import { createHash } from 'node:crypto'
import { record } from '#audit/record.ts'
import { Fault } from '#errors.ts'
import type { Member } from '#http/caller.ts'
import { iso, pageOf } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { listKeys } from './queries.ts'
import { atLeast, roleOf } from './roles.ts'

/** What our keys begin with, so that people and scanners recognise a leaked one. */
export const KEY_PREFIX = 'pp_'

/** The hash under which a key or the token of a link is kept. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

type Row = {
  id: string
  name: string
  role: string
  start: string
  owner: string
  created_at: number
  expires_at: number | null
  used_at: number | null
  revoked_at: number | null
  starts_per_minute: number | null
  at_once: number | null
}

function show(row: Row, now: number) {
  const state = row.revoked_at !== null ? 'revoked' : row.expires_at !== null && row.expires_at <= now ? 'expired' : 'active'
  const maybe = (time: number | null) => (time === null ? null : iso(time))
  return {
    id: row.id,
    name: row.name,
    role: roleOf(row.role),
    start: row.start,
    owner: row.owner,
    createdAt: iso(row.created_at),
    expiresAt: maybe(row.expires_at),
    usedAt: maybe(row.used_at),
    startsPerMinute: row.starts_per_minute,
    atOnce: row.at_once,
    state: state as 'active',
  }
}

/** An admin sees the keys of all, others their own. */
const whose = (caller: Member) => (atLeast(caller.role, 'admin') ? null : caller.user.id)

/** Lists the API keys. */
export async function keys({ db, clock }: World, { caller, query }: Given<typeof contract.keys>) {
  const { items, next } = pageOf(await listKeys(db, caller.workspace, whose(caller), query), query.limit)
  return { items: items.map(row => show(row, clock.now())), next }
}

/** Makes a key; only its hash is kept. */
export async function createKey(world: World, { caller, body }: Given<typeof contract.createKey>) {
  const role = body.role ?? caller.role
  const now = world.clock.now()
  if (!atLeast(caller.role, role)) throw new Fault('role.too_high')
  const expires = body.expiresAt === undefined ? null : Date.parse(body.expiresAt)
  if (expires !== null && expires <= now)
    throw new Fault('request.invalid', { details: [{ path: 'body.expiresAt', message: 'must be in the future' }] })
  const key = `${KEY_PREFIX}${world.ids.secret()}`
  const row = {
    id: world.ids.next('key'),
    workspace_id: caller.workspace,
    user_id: caller.user.id,
    name: body.name,
    role,
    start: key.slice(0, 9),
    hash: hashOf(key),
    created_at: now,
    expires_at: expires,
    used_at: null,
    revoked_at: null,
    starts_per_minute: body.startsPerMinute ?? null,
    at_once: body.atOnce ?? null,
  }
  await world.db.transaction().execute(async trx => {
    await trx.insertInto('api_keys').values(row).execute()
    await record(
      trx,
      world,
      caller,
      'key.created',
      { id: row.id, name: row.name },
      { role, expiresAt: body.expiresAt ?? null, ...startsOf(body) },
    )
  })
  return { ...show({ ...row, owner: caller.user.email }, now), key }
}

const startsOf = ({ startsPerMinute, atOnce }: Given<typeof contract.createKey>['body']) => ({
  ...(startsPerMinute === undefined ? {} : { startsPerMinute }),
  ...(atOnce === undefined ? {} : { atOnce }),
})

/** Revokes a key, one's own or as an admin any. It stays in the list, to be recognised in the audit log. */
export async function revokeKey(world: World, { caller, params }: Given<typeof contract.revokeKey>) {
  await world.db.transaction().execute(async trx => {
    let query = trx
      .updateTable('api_keys')
      .set({ revoked_at: world.clock.now() })
      .where('workspace_id', '=', caller.workspace)
      .where('id', '=', params.id)
      .where('revoked_at', 'is', null)
    const user = whose(caller)
    if (user) query = query.where('user_id', '=', user)
    const row = await query.returning('name').executeTakeFirst()
    if (!row) throw new Fault('key.not_found')
    await record(trx, world, caller, 'key.revoked', { id: params.id, name: row.name })
  })
  return { ok: true as const }
}
