import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'

type Db = Kysely<Tables>

/** What the audit log is searched by. */
export type AuditFilter = {
  action?: string | undefined
  actor?: string | undefined
  target?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

/** Entries of the audit log: after an id oldest first, else newest first. */
export function listAudit(
  db: Db,
  workspace: string,
  filter: AuditFilter & { limit: number; before?: string | undefined; after?: string | undefined },
) {
  const { action, actor, target, from, to, limit, before, after } = filter
  let query = db.selectFrom('audit').selectAll().where('workspace_id', '=', workspace).limit(limit)
  if (action?.endsWith('*')) query = query.where('action', 'like', `${action.slice(0, -1).replace(/[%_\\]/g, '')}%`)
  else if (action) query = query.where('action', '=', action)
  if (actor) query = query.where(where => where.or([where('actor', '=', actor.toLowerCase()), where('actor_id', '=', actor)]))
  if (target) query = query.where(where => where.or([where('target_id', '=', target), where('target', '=', target)]))
  if (from) query = query.where('at', '>=', Date.parse(from))
  if (to) query = query.where('at', '<', Date.parse(to))
  if (before) query = query.where('id', '<', before)
  if (after) query = query.where('id', '>', after)
  return query.orderBy('id', after ? 'asc' : 'desc').execute()
}
