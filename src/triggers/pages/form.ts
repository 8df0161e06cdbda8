import { z } from 'zod'
import { Fault } from '#errors.ts'
import type { Shell } from '#executions/shell.ts'
import type { Given } from '#http/serve.ts'
import { fieldsIn } from '#sdk/answers.ts'
import { FormField, Share } from '#sdk/form.ts'
import { awake, type Origin, originOf, standing } from '#triggers/origin.ts'
import type * as contract from './contract.ts'
import { parts } from './token.ts'

/** What the address of a shared trigger leads to. */
export type Form = Origin & { key: string; share: Share; fields: FormField[]; credential: string | null }

const PARAMS = z.looseObject({
  share: Share,
  fields: z.array(FormField).default([]),
  schema: z.unknown().optional(),
})

/** The form at an address. Fails with `form.not_found`, and says nothing else about what is not open. */
export const demandForm = (shell: Shell, key: string): Promise<Form> => look(shell, key, awake(shell.world.db))

/** The same, also when it pauses: who has sent something may see what becomes of it. */
export const demandSeen = (shell: Shell, key: string): Promise<Form> => look(shell, key, standing(shell.world.db))

async function look(shell: Shell, key: string, among: ReturnType<typeof standing>): Promise<Form> {
  if (!/^[\w-]{16,64}$/.test(key)) throw new Fault('form.not_found')
  const row = await among
    .select(['triggers.id', 'triggers.workspace_id', 'triggers.node_id', 'triggers.kind', 'triggers.params'])
    .select(['triggers.credential', 'workflow_versions.id as version'])
    .where('triggers.key', '=', key)
    .where('triggers.wakes', '=', 'hand')
    .executeTakeFirst()
  const params = PARAMS.safeParse(JSON.parse(row?.params ?? 'null'))
  if (!row || !params.success) throw new Fault('form.not_found')
  const { share, fields, schema } = params.data
  return {
    ...(await originOf(shell, row)),
    key,
    share,
    fields: fields.length > 0 || share.as === 'chat' ? fields : fieldsIn(schema),
    credential: row.credential,
  }
}

/** Has whoever asks shown the password, where there is one? */
const isOpen = (shell: Shell, { share, key }: Form, token: string | undefined): boolean =>
  !share.password || (token !== undefined && parts(shell.world, 'opened', token)?.[0] === key)

/** Refuses who has not shown the password. */
export function refuseLocked(shell: Shell, it: Form, token: string | undefined): void {
  if (!isOpen(shell, it, token)) throw new Fault('form.locked')
}

/** A form as it is shown to anybody who has its link: nothing of the workflow behind it. */
export async function form(shell: Shell, { params, query }: Given<typeof contract.form>) {
  const it = await demandForm(shell, params.key)
  if (!isOpen(shell, it, query.token)) return { locked: true as const }
  const { as, title = null, description = null, submit = null, message = null } = it.share
  return {
    locked: false as const,
    as,
    title,
    description,
    submit,
    result: resultOf(it),
    message,
    fields: it.fields.map(field => ({ ...field, title: field.title ?? field.name })),
  }
}

/** What is shown of what came of it; a chat without its answers would be none. */
export const resultOf = ({ share }: Pick<Form, 'share'>): Share['result'] =>
  share.as === 'chat' && share.result === 'message' ? 'output' : share.result
