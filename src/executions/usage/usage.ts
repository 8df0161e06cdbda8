import { Readable } from 'node:stream'
import { Fault } from '#errors.ts'
import type { Member } from '#http/caller.ts'
import type { Given, RawAnswer } from '#http/serve.ts'
import { atLeast } from '#workspaces/roles.ts'
import type { World } from '#world.ts'
import { dayOf } from './add.ts'
import type * as contract from './contract.ts'
import { namesOf, type Part, sumsOf, usageOf } from './queries.ts'

const DAY = 86_400_000
/** So many days unless said. */
const USUAL = 30

const COLUMN = {
  day: 'day',
  workflow: 'workflow_id',
  model: 'model',
  member: 'user_id',
  key: 'key_id',
  prompt: 'prompt',
  kind: 'kind',
} as const

type Sums = Awaited<ReturnType<typeof sumsOf>>[number]

/** What models took, summed. */
export async function usage(world: World, { caller, query }: Given<typeof contract.usage>) {
  const { by, ...asked } = query
  const part = partOf(world, caller, asked)
  const rows = await sumsOf(world.db, caller.workspace, part, COLUMN[by])
  const names = await namesOf(
    world.db,
    caller.workspace,
    by,
    rows.map(({ key }) => key).filter(key => key !== ''),
  )
  const items = rows.map(row => ({
    key: row.key === '' ? null : row.key,
    name: by === 'day' || by === 'kind' || by === 'model' ? row.key : (names.get(row.key) ?? null),
    ...shown(row),
  }))
  const sorted = by === 'day' ? items.toSorted((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1)) : items.toSorted(dearest)
  return { items: sorted, total: shown(totalOf(rows)), from: part.from, to: part.to, next: null }
}

type Shown = ReturnType<typeof shown>
const dearest = (a: Shown, b: Shown) =>
  b.knownCost - a.knownCost || b.inputTokens + b.outputTokens - a.inputTokens - a.outputTokens

function partOf({ clock }: World, caller: Member, asked: Given<typeof contract.exportUsage>['query']): Part {
  const to = asked.to ?? dayOf(clock.now())
  const from = asked.from ?? dayOf(Date.parse(to) - USUAL * DAY)
  if (from > to) throw new Fault('request.invalid', { details: [{ path: 'query.from', message: 'must not be after `to`' }] })
  const mine = atLeast(caller.role, 'admin') ? {} : { userId: caller.user.id }
  // What others started is not there for who may not see it.
  if ('userId' in mine && asked.userId !== undefined && asked.userId !== mine.userId)
    throw new Fault('role.too_small', { message: 'Only an admin sees what others used.' })
  return { ...asked, ...mine, from, to }
}

/** PostgreSQL sums into a kind of number that comes as text. */
const shown = ({ calls, input, output, cached, reasoning, cost, unpriced }: Omit<Sums, 'key'>) => ({
  calls: Number(calls),
  inputTokens: Number(input),
  outputTokens: Number(output),
  cachedTokens: Number(cached),
  reasoningTokens: Number(reasoning),
  cost: Number(unpriced) > 0 ? null : Number(cost) / 1e6,
  knownCost: Number(cost) / 1e6,
  unpricedCalls: Number(unpriced),
})

function totalOf(rows: readonly Sums[]): Omit<Sums, 'key'> {
  const total = { calls: 0, input: 0, output: 0, cached: 0, reasoning: 0, cost: 0, unpriced: 0 }
  for (const row of rows)
    for (const name of ['calls', 'input', 'output', 'cached', 'reasoning', 'cost', 'unpriced'] as const)
      total[name] += Number(row[name])
  return total
}

const HEAD =
  'day,workflow,model,member,key,prompt,kind,calls,inputTokens,outputTokens,cachedTokens,reasoningTokens,knownCost,unpricedCalls'

/** What models took, as a file. */
export async function exportUsage(world: World, { caller, query }: Given<typeof contract.exportUsage>): Promise<RawAnswer> {
  const rows = await usageOf(world.db, caller.workspace, partOf(world, caller, query))
    .selectAll()
    .orderBy('day')
    .execute()
  const lines = rows.map(it =>
    [
      ...[it.day, it.workflow_id, it.model, it.user_id, it.key_id, it.prompt, it.kind].map(cell),
      ...[it.calls, it.input_tokens, it.output_tokens, it.cached_tokens, it.reasoning_tokens, it.cost / 1e6, it.unpriced],
    ].join(','),
  )
  return {
    stream: Readable.from([[HEAD, ...lines].map(line => `${line}\r\n`).join('')]),
    headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="usage.csv"' },
  }
}

/** Names of models are anybody's words; a spreadsheet must not take one for a formula. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
