import { record } from '#audit/record.ts'
import type { Tables } from '#db/tables.ts'
import { Fault } from '#errors.ts'
import type { Member } from '#http/caller.ts'
import { pageOf } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import { atLeast } from '#workspaces/roles.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { forgetBudgets } from './known.ts'
import { findBudget, listBudgets } from './queries.ts'
import { shown } from './shown.ts'
import { refuseOther } from './subject.ts'

type Row = Tables['budgets']

const whose = ({ role, user }: Member) => (atLeast(role, 'admin') ? null : user.id)

/** A page of budgets with how they stand. */
export async function budgets(world: World, { caller, query }: Given<typeof contract.budgets>) {
  const rows = await listBudgets(world.db, caller.workspace, { ...query, person: whose(caller) })
  const { items, next } = pageOf(rows, query.limit)
  return { items: await Promise.all(items.map(row => shown(world, row))), next }
}

/** One budget. One of somebody else is not there. */
export async function budget(world: World, { caller, params }: Given<typeof contract.budget>) {
  return shown(world, await demand(world, caller, params.id))
}

async function demand({ db }: World, caller: Member, id: string): Promise<Row> {
  const [row] = await listBudgets(db, caller.workspace, { limit: 1, id, person: whose(caller) })
  if (!row) throw new Fault('budget.not_found')
  return row
}

const micros = (dollars: number | null) => (dollars === null ? null : Math.round(dollars * 1e6))

/** Makes a budget. */
export async function createBudget(world: World, { caller, body }: Given<typeof contract.createBudget>) {
  const row: Row = {
    id: world.ids.next('bud'),
    workspace_id: caller.workspace,
    scope: body.scope,
    subject_id: body.subjectId,
    period: body.period,
    dollars: micros(body.dollars),
    tokens: body.tokens,
    way: body.onExhausted,
    model: body.model,
    created_at: world.clock.now(),
    created_by: caller.user.id,
  }
  refuseHalf(row)
  await world.db.transaction().execute(async trx => {
    await refuseOther(trx, row)
    await trx.insertInto('budgets').values(row).execute()
    await record(trx, world, caller, 'budget.created', target(row), partsOf(row))
  })
  forgetBudgets(world, caller.workspace)
  return shown(world, row)
}

/** Changes how much a budget has, and what becomes of what does not fit. */
export async function changeBudget(world: World, { caller, params, body }: Given<typeof contract.changeBudget>) {
  const changed = await world.db.transaction().execute(async trx => {
    const before = await findBudget(trx, caller.workspace, params.id)
    if (!before) throw new Fault('budget.not_found')
    const way = body.onExhausted ?? before.way
    const row: Row = {
      ...before,
      way,
      dollars: body.dollars === undefined ? before.dollars : micros(body.dollars),
      tokens: body.tokens === undefined ? before.tokens : body.tokens,
      model: body.model === undefined ? (way === 'cheaper' ? before.model : null) : body.model,
    }
    refuseHalf(row)
    const { dollars, tokens, model } = row
    await trx
      .updateTable('budgets')
      .set({ dollars, tokens, way, model })
      .where('workspace_id', '=', caller.workspace)
      .where('id', '=', params.id)
      .execute()
    // What was told of the old one is told of the new one again, should it come to that.
    await trx.updateTable('budget_sums').set({ warned: 0, exhausted: 0 }).where('budget_id', '=', params.id).execute()
    await record(trx, world, caller, 'budget.changed', target(row), { before: partsOf(before), ...partsOf(row) })
    return row
  })
  forgetBudgets(world, caller.workspace)
  return shown(world, changed)
}

/** Deletes a budget. */
export async function deleteBudget(world: World, { caller, params }: Given<typeof contract.deleteBudget>) {
  await world.db.transaction().execute(async trx => {
    const row = await findBudget(trx, caller.workspace, params.id)
    if (!row) throw new Fault('budget.not_found')
    await trx.deleteFrom('budgets').where('workspace_id', '=', caller.workspace).where('id', '=', params.id).execute()
    await record(trx, world, caller, 'budget.deleted', target(row), partsOf(row))
  })
  forgetBudgets(world, caller.workspace)
  return { ok: true as const }
}

const target = ({ id, scope, period }: Row) => ({ id, name: `${scope}, ${period}` })
const partsOf = ({ subject_id: subjectId, dollars, tokens, way, model }: Row) => ({
  subjectId,
  dollars: dollars === null ? null : dollars / 1e6,
  tokens,
  onExhausted: way,
  model,
})

/** What belongs together has to be there together. */
function refuseHalf({ scope, subject_id, dollars, tokens, way, model }: Row): void {
  const refuse = (path: string, message: string) => {
    throw new Fault('request.invalid', { details: [{ path: `body.${path}`, message }] })
  }
  if (dollars === null && tokens === null) refuse('dollars', 'or tokens must be given')
  if ((way === 'cheaper') !== (model !== null)) refuse('model', 'goes with onExhausted: cheaper')
  if ((scope === 'workspace') !== (subject_id === null))
    refuse('subjectId', scope === 'workspace' ? 'must be null: the budget is of the whole workspace' : `must name the ${scope}`)
}
