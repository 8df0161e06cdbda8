import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'

/** Refuses a budget of what is not there. */
export async function refuseOther(
  trx: Kysely<Tables>,
  { workspace_id: workspace, scope, subject_id }: Pick<Tables['budgets'], 'workspace_id' | 'scope' | 'subject_id'>,
): Promise<void> {
  if (subject_id === null) return
  if (!(await isThere(trx, workspace, scope, subject_id)))
    throw new Fault('request.invalid', { details: [{ path: 'body.subjectId', message: `is no ${scope} of the workspace` }] })
}

function isThere(trx: Kysely<Tables>, workspace: string, scope: string, id: string): Promise<unknown> {
  if (scope === 'workflow')
    return trx.selectFrom('workflows').select('id').where('workspace_id', '=', workspace).where('id', '=', id).executeTakeFirst()
  if (scope === 'key')
    return trx.selectFrom('api_keys').select('id').where('workspace_id', '=', workspace).where('id', '=', id).executeTakeFirst()
  return trx
    .selectFrom('members')
    .select('user_id')
    .where('workspace_id', '=', workspace)
    .where('user_id', '=', id)
    .executeTakeFirst()
}
