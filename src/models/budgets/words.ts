import { iso } from '#http/contract.ts'
import type { Budget } from './known.ts'
import type { Estimate, Refusal } from './reserve.ts'

/** Millionths of a dollar in dollars: so that a cent can be told from nothing, and no longer. */
export const moneyText = (micros: number): string => {
  const dollars = micros / 1e6
  return `$${dollars.toFixed(dollars !== 0 && Math.abs(dollars) < 0.1 ? 6 : 2)}`
}

const SCOPE: Record<string, string> = {
  workspace: 'the workspace',
  workflow: 'the workflow',
  member: 'the member',
  key: 'the API key',
}
const PERIOD: Record<string, string> = { execution: 'one execution', day: 'a day', month: 'a month' }

/** Which budget that is, in words. */
const nameOf = ({ scope, period }: Budget) => `The budget of ${SCOPE[scope] ?? scope} for ${PERIOD[period] ?? period}`

/** Why a call does not fit into a budget any more. */
export function standingText(
  { budget, spent, reserved, tokens, reservedTokens, end }: Refusal,
  model: string,
  estimate: Estimate,
): string {
  const amount = estimate.amount ?? 0
  const isMoney = budget.dollars !== null && spent + reserved + amount > budget.dollars && amount > 0
  const text = (value: number) => (isMoney ? moneyText(value) : `${value} tokens`)
  const [most, used, held, wanted] = isMoney
    ? [budget.dollars ?? 0, spent, reserved, amount]
    : [budget.tokens ?? 0, tokens, reservedTokens, estimate.tokens]
  const again = end === null ? '' : ` It begins anew at ${iso(end)}.`
  return `${nameOf(budget)} is ${text(most)}. Taken are ${text(used)}, nodes that are not done hold ${text(held)}, and this call of ${model} may take ${text(wanted)}.${again}`
}
