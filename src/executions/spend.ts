import { pathOf } from '#engine/state.ts'
import type { Size } from '#models/budgets/estimate.ts'
import { budgetsFor, type Estimate, type Refusal, reserve, type Spender } from '#models/budgets/reserve.ts'
import { shrink } from '#models/budgets/settle.ts'
import { moneyText, standingText } from '#models/budgets/words.ts'
import { priceFor } from '#models/price.ts'
import { Refused } from '#sdk/fail.ts'
import { hold, type Meter, type Open, refuseOver } from './meter.ts'
import type { Attempt } from './node.ts'
import { readJournal } from './own.ts'
import { Unallowed } from './permission.ts'
import type { Run } from './run.ts'
import type { Shell } from './shell.ts'

/** A call of a model that somebody wants to make, and what it may take in all with those before it, in dollars. */
export type Wanted = { model: string; kind: 'ask' | 'embed' | 'draw' | 'moderate'; size: () => Size; most?: number | undefined }

/** Whoever spends when an execution asks a model. */
export const spenderOf = (
  { owner }: Pick<Shell, 'owner'>,
  { id, workspace, row }: Pick<Run, 'id' | 'workspace' | 'row'>,
): Spender => ({
  workspace,
  execution: id,
  workflow: row.workflow_id,
  user: row.user_id,
  key: row.key_id,
  owner,
  depth: row.depth,
})

/**
 * Reserves what a call may take, before it is made; answers with the model that is to be asked. Fails with `Refused` where a budget
 * does not allow it, and with `Unallowed` where a person is to be asked.
 */
export async function spend(
  shell: Shell,
  run: Run,
  it: Attempt,
  meter: Meter,
  wanted: Wanted,
): Promise<{ model: string; open: Open }> {
  refuseOver(meter)
  const who = spenderOf(shell, run)
  const budgets = await budgetsFor(shell.world, who)
  const open: Open = { holds: [], estimate: 0, done: false, cost: 0, tokens: 0 }
  if (budgets.length === 0 && wanted.most === undefined) return { model: wanted.model, open }
  const size = wanted.size()
  const over = await isAllowed(shell, run, it)
  const tried = new Set<string>()
  for (let model = wanted.model; ; ) {
    tried.add(model)
    const estimate = await estimateOf(shell, run, model, size)
    if (wanted.most !== undefined) await demandMost(shell, run, it, meter, { most: wanted.most, model, estimate })
    if (budgets.length > 0) await settleEarlier(shell, meter)
    const held = budgets.length > 0 ? await reserve(shell.world, who, budgets, estimate, over) : []
    if (Array.isArray(held)) {
      Object.assign(open, { holds: held, estimate: estimate.amount ?? 0 })
      hold(shell, run, meter, open)
      return { model, open }
    }
    const cheaper = wanted.kind === 'ask' && held.budget.way === 'cheaper' && !held.unpriced ? held.budget.model : null
    if (cheaper === null || tried.has(cheaper)) throw refusalOf(run, it, held, model, estimate)
    it.context?.log(`${cheaper} is asked instead of ${model}: ${standingText(held, model, estimate)}`)
    model = cheaper
  }
}

async function estimateOf({ world }: Shell, { workspace }: Run, model: string, { input, output }: Size): Promise<Estimate> {
  const price = await priceFor(world.db, workspace, model)
  return { amount: price && Math.ceil(input * price.input + output * price.output), tokens: input + output }
}

/** What earlier calls of the attempt really took is known by now: more of the budget is free. */
async function settleEarlier({ world }: Shell, meter: Meter): Promise<void> {
  for (const open of meter.open) {
    if (!open.done || open.estimate === open.cost) continue
    open.estimate = open.cost
    await shrink(world, open.holds, open)
  }
}

/** A person has allowed that it goes over budgets. Where one was asked before it ran at all, that was another question. */
async function isAllowed(shell: Shell, run: Run, { cell }: Attempt): Promise<boolean> {
  if (!cell.allowed || !cell.node.askFirst) return cell.allowed
  const allowed = (await eventsAt(shell, run, cell)).filter(({ type }) => type === 'allowed' || type === 'called')
  return allowed.length - allowed.findLastIndex(({ type }) => type === 'called') > 2
}

type Asked = { most: number; model: string; estimate: Estimate }

/** What this activation took before, what it takes now, and what this call may take. */
async function demandMost(shell: Shell, run: Run, it: Attempt, meter: Meter, { most, model, estimate }: Asked): Promise<void> {
  if (estimate.amount === null)
    throw new Refused(
      'budget.unpriced',
      `The node may take ${moneyText(most * 1e6)}, and what ${model} costs is not known. ${SET}`,
    )
  meter.before ??= await takenBefore(shell, run, it)
  let taken = meter.before
  for (const { cost } of meter.usage) taken += cost ?? 0
  for (const open of meter.open) if (!open.done) taken += open.estimate
  if (taken + estimate.amount <= Math.round(most * 1e6)) return
  throw new Refused(
    'budget.node',
    `The node may take ${moneyText(most * 1e6)}. It took ${moneyText(taken)}, and another call of ${model} may take ${moneyText(estimate.amount)}. ${LESS}`,
  )
}

const LESS = 'A smaller maxTokens reserves less.'
const SET = 'Set its price under Models, or let the budget count tokens.'

async function takenBefore(shell: Shell, run: Run, { cell, attempt }: Attempt): Promise<number> {
  if (attempt === 1 && !cell.allowed && (cell.turns?.rounds.length ?? 0) === 0) return 0
  let taken = 0
  for (const event of await eventsAt(shell, run, cell))
    for (const { cost } of ('usage' in event && event.usage) || []) taken += cost ?? 0
  return taken
}

async function eventsAt(shell: Shell, run: Run, cell: Attempt['cell']) {
  const path = pathOf(cell)
  return (await readJournal(shell, run.id)).filter(event => 'path' in event && event.path === path)
}

function refusalOf(run: Run, { cell }: Attempt, refusal: Refusal, model: string, estimate: Estimate): Error {
  const { budget, unpriced } = refusal
  if (unpriced) return new Refused('budget.unpriced', `A budget counts dollars, and what ${model} costs is not known. ${SET}`)
  const words = standingText(refusal, model, estimate)
  const details = { budgetId: budget.id, scope: budget.scope, subjectId: budget.subject_id, period: budget.period }
  if (budget.way !== 'ask') return new Refused('budget.exhausted', `${words} ${LESS}`, details)
  const name = run.ready.drawn.nodes.find(one => one.id === cell.node.id)?.name || cell.node.key
  return new Unallowed({
    title: `May “${name}” go over a budget?`,
    message: `${words}\n\nIf you allow it, this node may go over the budget, until it is done.`,
  })
}
