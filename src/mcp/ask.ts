import type { ElicitRequestFormParams } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { Fault } from '#errors.ts'
import { ASK, decideApproval, isFor } from '#executions/decide.ts'
import type { Member } from '#http/caller.ts'
import { atLeast } from '#workspaces/roles.ts'
import type { Desk } from './desk.ts'
import { askedBy } from './follow.ts'

/** What a person at the client is asked, by the id of the question. */
export type Questions = Map<string, Omit<ElicitRequestFormParams, 'mode'>>

/** What was wrong with the answers so far, or that nobody wants to give one, by the id of the question. */
export type Notes = Record<string, { tries: number; words: string } | null>

/** Whoever answers wrong so often is not asked any more: it may be a program. */
const MOST_TRIES = 3

type Properties = ElicitRequestFormParams['requestedSchema']['properties']
type Field = z.infer<typeof ASK>['fields'][number]

/** The questions of an execution that this caller may answer, and has not put aside. */
export async function questionsFor({ shell }: Desk, caller: Member, execution: string, notes: Notes): Promise<Questions> {
  if (!atLeast(caller.role, 'operator')) return new Map()
  const found: Questions = new Map()
  for (const row of await askedBy(shell, caller.workspace, execution)) {
    const ask = ASK.parse(JSON.parse(row.ask))
    const mine = isFor(ask.assignees, caller) || atLeast(caller.role, 'admin')
    if (row.kind === 'answer' || !mine || notes[row.id] === null) continue
    const message = [notes[row.id]?.words, ask.title, ask.message].filter(Boolean).join('\n\n')
    found.set(row.id, { message, requestedSchema: schemaOf(ask.fields) })
  }
  return found
}

const schemaOf = (fields: readonly Field[]): ElicitRequestFormParams['requestedSchema'] => ({
  type: 'object',
  properties: Object.fromEntries(fields.map(field => [field.name, propertyOf(field)])),
  required: fields.filter(field => field.required && field.default === undefined).map(field => field.name),
})

function propertyOf({ title, type, options = [], default: first }: Field): Properties[string] {
  const text = typeof first === 'string' ? { default: first } : {}
  switch (type) {
    case 'number':
      return { type: 'number', title, ...(typeof first === 'number' ? { default: first } : {}) }
    case 'boolean':
      return { type: 'boolean', title, ...(typeof first === 'boolean' ? { default: first } : {}) }
    case 'select':
      return { type: 'string', title, enum: options, ...text }
    case 'date':
      return { type: 'string', title, format: 'date', ...text }
    default:
      return { type: 'string', title, ...text }
  }
}

const ANSWER = z.object({
  action: z.enum(['accept', 'decline', 'cancel']),
  content: z.record(z.string(), z.unknown()).nullish(),
})

/**
 * Takes what a person answered at the client: accepting approves, declining rejects, and closing leaves the question open. What
 * somebody else has decided meanwhile stays decided. Answers with what is to be said when it is asked again.
 */
export async function settle(
  { shell }: Desk,
  caller: Member,
  execution: string,
  client: string,
  answers: Readonly<Record<string, unknown>>,
  notes: Notes,
): Promise<Notes> {
  const after: Notes = { ...notes }
  const open = new Map((await askedBy(shell, caller.workspace, execution)).map(row => [row.id, row]))
  for (const [id, given] of Object.entries(answers)) {
    const answer = ANSWER.safeParse(given)
    const row = open.get(id)
    if (!row) continue
    if (!answer.success || answer.data.action === 'cancel') {
      after[id] = null
      continue
    }
    const { action, content } = answer.data
    const asked = ASK.parse(JSON.parse(row.ask)).fields.map(field => field.name)
    const fields = Object.fromEntries(Object.entries(content ?? {}).filter(([name]) => asked.includes(name)))
    const said = { comment: `Answered in ${client} over MCP.` }
    const body =
      action === 'accept' ? { ...said, decision: 'approved' as const, fields } : { ...said, decision: 'rejected' as const }
    const wrong = await decided(() => decideApproval(shell, { caller, params: { id }, body }))
    const tries = (notes[id]?.tries ?? 0) + 1
    if (wrong !== null) after[id] = tries < MOST_TRIES ? { tries, words: wrong } : null
  }
  return after
}

/** Null when it is decided now; else what must be different in the answer. */
async function decided(decide: () => Promise<unknown>): Promise<string | null> {
  try {
    await decide()
    return null
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (error.code === 'approval.decided' || error.code === 'approval.not_found') return null
    if (error.code !== 'approval.bad_fields') throw error
    return error.details.map(({ path, message }) => `${path.replace(/^body\.fields\./, '')}: ${message}`).join('\n')
  }
}
