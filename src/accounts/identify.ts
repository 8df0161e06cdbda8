import type { FastifyRequest } from 'fastify'
import type { Caller } from '#http/caller.ts'
import { addressOf } from '#http/frame.ts'
import { hashOf, KEY_PREFIX } from '#workspaces/keys.ts'
import { roleOf, smaller } from '#workspaces/roles.ts'
import type { World } from '#world.ts'

/** The cookie of a session, as Better Auth names it with our prefix. */
export const COOKIE = 'promptpilot.session_token'

/** A key's last use is written down at most this often. */
const USED_EVERY = 60_000

/** Finds out who sends a request: by API key, bearer token or cookie. Null for strangers and for anything expired or forged. */
export function makeIdentify(world: World): (request: FastifyRequest) => Promise<Caller | null> {
  return async request => {
    const given = credentialOf(request)
    if (!given) return null
    const wanted = request.headers['x-workspace']
    const workspace = typeof wanted === 'string' && wanted !== '' ? wanted : null
    const from = { address: addressOf(request), agent: request.headers['user-agent'] ?? '' }
    return given.startsWith(KEY_PREFIX) ? byKey(world, given, workspace, from) : bySession(world, given, workspace, from)
  }
}

function credentialOf(request: FastifyRequest): string | null {
  const key = request.headers['x-api-key']
  if (typeof key === 'string') return key
  const [, bearer] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (bearer) return unsigned(bearer)
  const [, cookie] = new RegExp(`(?:^|;\\s*)${COOKIE.replace('.', '\\.')}=([^;]+)`).exec(request.headers.cookie ?? '') ?? []
  return cookie ? unsigned(cookie) : null
}

/** A cookie is `token.signature`. The token alone is 190 random bits that the database knows or does not. */
const unsigned = (value: string) => value.split('.', 1)[0] ?? ''

type From = { address: string; agent: string }

async function bySession({ db, clock }: World, token: string, wanted: string | null, from: From): Promise<Caller | null> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .leftJoin('members', join =>
      join
        .onRef('members.user_id', '=', 'users.id')
        .on(on =>
          wanted === null
            ? on('members.workspace_id', '=', on.ref('sessions.workspace_id'))
            : on('members.workspace_id', '=', wanted),
        ),
    )
    .select([
      'sessions.id',
      'sessions.expires_at',
      'users.id as user',
      'users.email',
      'users.name',
      'users.standing',
      'members.workspace_id',
      'members.role',
    ])
    .where('sessions.token', '=', token)
    .executeTakeFirst()
  if (!row || new Date(row.expires_at).getTime() <= clock.now()) return null
  const user = { id: row.user, email: row.email, name: row.name, ownsInstance: row.standing === 'owner' }
  return {
    kind: 'session',
    id: row.id,
    user,
    workspace: row.workspace_id,
    role: row.role === null ? null : roleOf(row.role),
    ...from,
  }
}

async function byKey({ db, clock }: World, key: string, wanted: string | null, from: From): Promise<Caller | null> {
  const row = await db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .innerJoin('members', join =>
      join.onRef('members.user_id', '=', 'users.id').onRef('members.workspace_id', '=', 'api_keys.workspace_id'),
    )
    .select([
      'api_keys.id',
      'api_keys.role',
      'api_keys.expires_at',
      'api_keys.revoked_at',
      'api_keys.used_at',
      'api_keys.workspace_id',
      'api_keys.starts_per_minute',
      'api_keys.at_once',
    ])
    .select(['users.id as user', 'users.email', 'users.name', 'users.standing', 'members.role as present'])
    .where('api_keys.hash', '=', hashOf(key))
    .executeTakeFirst()
  const now = clock.now()
  if (!row || row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now)) return null
  if ((row.used_at ?? 0) < now - USED_EVERY)
    await db.updateTable('api_keys').set({ used_at: now }).where('id', '=', row.id).execute()
  const fits = wanted === null || wanted === row.workspace_id
  const user = { id: row.user, email: row.email, name: row.name, ownsInstance: row.standing === 'owner' }
  return {
    kind: 'key',
    id: row.id,
    user,
    workspace: fits ? row.workspace_id : null,
    role: fits ? smaller(roleOf(row.role), roleOf(row.present)) : null,
    starts: { perMinute: row.starts_per_minute, atOnce: row.at_once },
    ...from,
  }
}
