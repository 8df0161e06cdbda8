import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { iso } from '#http/contract.ts'
import type { World } from '#world.ts'

/** More of each a model does not need to see. */
const MOST = 40

/** What a workflow can refer to in its workspace. Of credentials only what they are called, never a value. */
export type Known = {
  credentials: { id: string; name: string; kind: string }[]
  workflows: { id: string; name: string; about: string }[]
}

/** Looks up what a new workflow may refer to. */
export async function known(db: Kysely<Tables>, workspace: string, self: string | null): Promise<Known> {
  const credentials = await db
    .selectFrom('credentials')
    .select(['id', 'name', 'kind'])
    .where('workspace_id', '=', workspace)
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute()
  const published = await db
    .selectFrom('workflows')
    .select(['id', 'name', 'description'])
    .where('workspace_id', '=', workspace)
    .where('live', 'is not', null)
    .where('archived_at', 'is', null)
    .orderBy('updated_at', 'desc')
    .limit(MOST)
    .execute()
  const others = published.filter(one => one.id !== self)
  return { credentials, workflows: others.map(({ id, name, description }) => ({ id, name, about: description.slice(0, 120) })) }
}

/** What a model is told about a workspace. */
export const told = ({ clock }: World, { credentials, workflows }: Known, model: string, timezone: string) => ({
  now: iso(clock.now()),
  timezone,
  model,
  credentials,
  workflows,
})
