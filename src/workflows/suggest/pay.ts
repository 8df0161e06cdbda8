import type { Member } from '#http/caller.ts'
import { sizeOfAsk } from '#models/budgets/estimate.ts'
import { budgetsFor, type Hold, reserve, type Spender } from '#models/budgets/reserve.ts'
import { settle } from '#models/budgets/settle.ts'
import { standingText } from '#models/budgets/words.ts'
import { priceFor } from '#models/price.ts'
import { Refused } from '#sdk/fail.ts'
import type { Ask, Reply } from '#sdk/model.ts'
import type { World } from '#world.ts'

/** Who asks for a design, and of which workflow. */
export type Payer = { world: World; caller: Member; workflow: string | null }

/** Makes a call that the budgets allow: what it may take is reserved before it, and what it took is settled after it. */
export async function paid({ world, caller, workflow }: Payer, ask: Ask, call: (ask: Ask) => Promise<Reply>): Promise<Reply> {
  const who: Spender = {
    workspace: caller.workspace,
    execution: world.ids.next('dsn'),
    workflow: workflow ?? '',
    user: caller.user.id,
    key: caller.kind === 'key' ? caller.id : null,
    owner: '',
    depth: 0,
  }
  const budgets = await budgetsFor(world, who)
  if (budgets.length === 0) return call(ask)
  const { model, holds } = await reserved(world, who, budgets, ask)
  const end = (cost: number, tokens: number) =>
    world.database.flush([holds.flatMap(hold => settle(world, who, hold, { cost, tokens }))])
  try {
    const reply = await call({ ...ask, model })
    await end(reply.cost ?? 0, reply.tokens.input + reply.tokens.output)
    return reply
  } catch (error) {
    await end(0, 0)
    throw error
  }
}

/** Reserves for the model that is asked, or for the cheaper one that a budget names in its place. Nobody can be asked here, so one that asks refuses. */
async function reserved(
  world: World,
  who: Spender,
  budgets: Awaited<ReturnType<typeof budgetsFor>>,
  ask: Ask,
): Promise<{ model: string; holds: Hold[] }> {
  const { input, output } = sizeOfAsk(ask)
  const tried = new Set<string>()
  for (let model = ask.model; ; ) {
    tried.add(model)
    const price = await priceFor(world.db, who.workspace, model)
    const estimate = { amount: price && Math.ceil(input * price.input + output * price.output), tokens: input + output }
    const held = await reserve(world, who, budgets, estimate, false)
    if (Array.isArray(held)) return { model, holds: held }
    if (held.unpriced)
      throw new Refused(
        'budget.unpriced',
        `A budget counts dollars, and what ${model} costs is not known. Set its price under Models, or let the budget count tokens.`,
      )
    const cheaper = held.budget.way === 'cheaper' ? held.budget.model : null
    if (cheaper === null || tried.has(cheaper)) throw new Refused('budget.exhausted', standingText(held, model, estimate))
    model = cheaper
  }
}
