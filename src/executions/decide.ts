import { z } from 'zod'
import { record } from '#audit/record.ts'
import { Fault } from '#errors.ts'
import type { Member } from '#http/caller.ts'
import { iso } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import { atLeast } from '#workspaces/roles.ts'
import type * as contract from './contract.ts'
import { type Heard, heardText } from './hear.ts'
import { keepSent } from './hold.ts'
import { findApproval, listApprovals, readApproval, signal } from './queries.ts'
import { RESUMED, type Shell } from './shell.ts'

/** What is asked, as it stands in the row of a wait. */
export const ASK = z.object({
  title: z.string(),
  message: z.string(),
  assignees: z.array(z.string()),
  fields: z.array(
    z.looseObject({
      name: z.string(),
      title: z.string(),
      type: z.string(),
      required: z.boolean(),
      options: z.array(z.string()).optional(),
      default: z.unknown().optional(),
    }),
  ),
})
type Field = z.infer<typeof ASK>['fields'][number]

/** What waits for a person. */
export async function approvals({ world }: Shell, { caller, query }: Given<typeof contract.approvals>) {
  const rows = await listApprovals(world.db, caller.workspace, query)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  const items = page.map(shownAs)
  return {
    items: query.mine === 'true' ? items.filter(one => isFor(one.assignees, caller)) : items,
    next: rows.length > query.limit && last ? `${last.created_at}~${last.id}` : null,
  }
}

/** One question, open or not. */
export async function approval({ world }: Shell, { caller, params }: Given<typeof contract.approval>) {
  const row = await readApproval(world.db, caller.workspace, params.id)
  if (!row) throw new Fault('approval.not_found')
  const decidedAt = row.heard_at === null ? null : iso(row.heard_at)
  return { ...shownAs(row), open: row.heard_at === null && row.ended_at === null, decidedAt }
}

type Asked = Awaited<ReturnType<typeof listApprovals>>[number]

function shownAs(row: Asked) {
  const { title, message, assignees, fields } = ASK.parse(JSON.parse(row.ask))
  return {
    id: row.id,
    kind: KIND.parse(row.kind),
    executionId: row.execution_id,
    workflowId: row.workflow_id,
    path: row.path,
    title,
    message,
    assignees,
    fields,
    createdAt: iso(row.created_at),
    deadline: row.until === null ? null : iso(row.until),
  }
}

/** Is it asked of this member? */
export const isFor = (assignees: readonly string[], { user }: Member) =>
  assignees.length === 0 || assignees.some(one => one.toLowerCase() === user.email.toLowerCase())

/** Decides: the first one counts. The decision and the hint that somebody decided stand in the database together. */
export async function decideApproval(
  shell: Shell,
  { caller, params, body }: Pick<Given<typeof contract.decide>, 'caller' | 'params' | 'body'>,
) {
  const { world } = shell
  const row = await findApproval(world.db, caller.workspace, params.id)
  if (!row) throw new Fault('approval.not_found')
  const ask = ASK.parse(JSON.parse(row.ask))
  if (!isFor(ask.assignees, caller) && !atLeast(caller.role, 'admin'))
    throw new Fault('approval.not_yours', { message: `This was asked of ${ask.assignees.join(', ')}.` })
  const now = world.clock.now()
  const heard = await heardOf(shell, KIND.parse(row.kind), body, ask.fields, caller, now)
  await world.db.transaction().execute(async trx => {
    const { numUpdatedRows } = await trx
      .updateTable('waits')
      .set({ heard_at: now, heard: heardText(heard) })
      .where('workspace_id', '=', caller.workspace)
      .where('id', '=', row.id)
      .where('heard_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) throw new Fault('approval.decided')
    if (heard.is === 'outlet') await keepSent(trx, caller.workspace, row.execution_id, heard.output)
    const sent = await signal(trx, caller.workspace, row.execution_id, now)
    if (!sent) throw new Fault('approval.decided', { message: 'The execution has ended meanwhile.' })
    await record(trx, world, caller, 'approval.decided', { id: row.id, name: ask.title }, { decision: body.decision })
  })
  shell.hint(row.execution_id, -RESUMED, caller.workspace)
  return { id: row.id, executionId: row.execution_id, decision: body.decision }
}

type Decision = Given<typeof contract.decide>['body']

const KIND = z.enum(['approval', 'answer', 'permission'])

function heardOf(shell: Shell, kind: z.infer<typeof KIND>, body: Decision, fields: Field[], caller: Member, now: number) {
  if (kind === 'answer') return answerOf(body, caller)
  if (kind === 'approval') return decisionOf(shell, body, fields, caller, now)
  const allowed = isApproved(body)
  return { is: 'permission' as const, allowed, by: caller.user.email, comment: body.comment ?? '' }
}

function isApproved({ decision }: Decision): boolean {
  if (decision !== 'approved' && decision !== 'rejected')
    throw bad([{ path: 'body.decision', message: 'must be approved or rejected' }])
  return decision === 'approved'
}

async function decisionOf(shell: Shell, body: Decision, fields: Field[], caller: Member, now: number): Promise<Heard> {
  const given = isApproved(body) ? fieldsOf(fields, body.fields ?? {}) : (body.fields ?? {})
  const output = await shell.values.hold(caller.workspace, {
    decision: body.decision,
    fields: given,
    comment: body.comment ?? '',
    by: { id: caller.user.id, name: caller.user.name, email: caller.user.email },
    at: iso(now),
  })
  return { is: 'outlet', outlet: body.decision, output }
}

function answerOf({ decision, output }: Decision, caller: Member): Heard {
  if (decision === 'approved' || decision === 'rejected')
    throw bad([{ path: 'body.decision', message: 'must be happened, repeat or fail' }])
  return { is: 'answer', answer: decision, by: caller.user.email, output: { value: output ?? null } }
}

/** What was asked for, complete and of the right kind; nothing else. */
function fieldsOf(fields: Field[], given: Record<string, unknown>): Record<string, unknown> {
  const wrong: { path: string; message: string }[] = []
  const known = new Set(fields.map(field => field.name))
  for (const name of Object.keys(given))
    if (!known.has(name)) wrong.push({ path: `body.fields.${name}`, message: 'was not asked for' })
  const values: Record<string, unknown> = {}
  for (const field of fields) {
    const value = given[field.name] ?? field.default ?? null
    const missing = value === null || value === ''
    if (missing && field.required) wrong.push({ path: `body.fields.${field.name}`, message: `${field.title} must be given` })
    else if (!missing && !fits(field, value))
      wrong.push({ path: `body.fields.${field.name}`, message: `must be ${WORDS[field.type] ?? 'text'}` })
    values[field.name] = value
  }
  if (wrong.length > 0) throw bad(wrong)
  return values
}

const WORDS: Record<string, string> = {
  number: 'a number',
  boolean: 'true or false',
  select: 'one of the options',
  date: 'a date',
}

function fits({ type, options }: Field, value: unknown): boolean {
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value)
  if (type === 'boolean') return typeof value === 'boolean'
  if (type === 'select') return typeof value === 'string' && (options ?? []).includes(value)
  if (type === 'date') return typeof value === 'string' && !Number.isNaN(Date.parse(value))
  return typeof value === 'string' && value.length <= 20_000
}

const bad = (details: { path: string; message: string }[]) => new Fault('approval.bad_fields', { details })
