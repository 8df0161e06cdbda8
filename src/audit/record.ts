import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import type { Caller, Member } from '#http/caller.ts'
import type { World } from '#world.ts'

/** What was changed, as the audit log names it. */
export type Target = { id: string; name: string } | null

type Details = Record<string, unknown>

/** The topic of the feed under which new entries are announced. */
export const auditTopic = (workspace: string) => `audit/${workspace}`

/** Writes down a change of a workspace in the transaction that makes it. Values that are secret do not belong into `details`. */
export async function record(
  trx: Kysely<Tables>,
  world: World,
  caller: Member,
  action: string,
  target: Target,
  details: Details = {},
): Promise<void> {
  await insert(trx, world, caller, caller.workspace, action, target, details)
}

/** Writes down what the product did by itself, in the name of what made it. */
export async function recordOwn(
  trx: Kysely<Tables>,
  world: World,
  { workspace, actor }: { workspace: string; actor: string },
  action: string,
  target: Target,
  details: Details = {},
): Promise<void> {
  const who = { kind: 'trigger' as const, user: { id: '', email: actor.slice(0, 250) }, address: null, agent: null }
  await insert(trx, world, who, workspace, action, target, details)
}

/** Writes down what a person did to their own account: in every workspace they belong to, or, without one, nowhere in particular. */
export async function recordPerson(
  trx: Kysely<Tables>,
  world: World,
  person: Person,
  action: string,
  details: Details = {},
): Promise<void> {
  const rows = await trx.selectFrom('members').select('workspace_id').where('user_id', '=', person.user.id).execute()
  const target = { id: person.user.id, name: person.user.email }
  for (const workspace of rows.length > 0 ? rows.map(row => row.workspace_id) : [null])
    await insert(trx, world, person, workspace, action, target, details)
}

/** The part of a caller that the audit log keeps; `command` is the operator at the command line. */
export type Person = Pick<Caller, 'address' | 'agent'> & {
  kind: Caller['kind'] | 'command'
  user: { id: string; email: string }
}

type Actor = {
  kind: Person['kind'] | 'trigger'
  user: Person['user']
  address: string | null
  agent: string | null
}

async function insert(
  trx: Kysely<Tables>,
  world: World,
  who: Actor,
  workspace: string | null,
  action: string,
  target: Target,
  details: Details,
): Promise<void> {
  const row = {
    id: world.ids.next('aud'),
    workspace_id: workspace,
    at: world.clock.now(),
    actor_id: who.user.id || null,
    actor: who.user.email,
    via: who.kind,
    action,
    target_id: target?.id ?? null,
    target: target?.name.slice(0, 300) ?? null,
    details: JSON.stringify(details),
    address: who.address,
    agent: who.agent?.slice(0, 300) ?? null,
  }
  await trx.insertInto('audit').values(row).execute()
  // Told a little later than written: the listener must find it committed. One that looks too early looks again soon.
  if (workspace) setTimeout(() => world.feed.nudge(auditTopic(workspace)), 20).unref()
}
