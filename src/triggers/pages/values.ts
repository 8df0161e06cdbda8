import { z } from 'zod'
import { Fault } from '#errors.ts'
import type { Shell } from '#executions/shell.ts'
import type { FileValue } from '#sdk/context.ts'
import type { FormField } from '#sdk/form.ts'
import { findFile } from '#uploads/queries.ts'
import type { Form } from './form.ts'
import { parts } from './token.ts'

type Values = Record<string, unknown>

/** What a chat is told: the message, its files, and what was said before, as the page remembers it. */
const SAID = z.strictObject({
  message: z.string().max(20_000).regex(/\S/, { error: 'must say something' }),
  files: z.array(z.string()).max(10).default([]),
  history: z
    .array(z.strictObject({ from: z.enum(['me', 'you']), text: z.string().max(50_000) }))
    .max(50)
    .default([]),
})

/** What the workflow begins with: the answers, with files in the place of what stands for them. */
export async function inputOf(shell: Shell, it: Form, values: Values, conversation: string | null): Promise<unknown> {
  if (it.share.as === 'form') return answers(shell, it, values)
  const said = SAID.safeParse(values)
  if (!said.success) throw bad(said.error.issues.map(({ path, message }) => [path.map(String).join('.'), message]))
  const { message, history } = said.data
  const [field] = it.fields
  if (!field && said.data.files.length > 0) throw bad([['files', 'This chat takes no files.']])
  const files = field ? await filesIn(shell, it, field, said.data.files) : []
  return { message, conversation, files, history }
}

async function answers(shell: Shell, it: Form, values: Values): Promise<Values> {
  const surplus = Object.keys(values).filter(name => !it.fields.some(field => field.name === name))
  if (surplus.length > 0) throw bad(surplus.map(name => [name, 'was not asked for']))
  const input: Values = { ...values }
  for (const field of it.fields) {
    const value = values[field.name]
    if (value === undefined || value === null || value === '') continue
    if (field.type === 'files') input[field.name] = await filesIn(shell, it, field, value)
    if (field.type === 'file') input[field.name] = await fileOf(shell, it, field, value)
  }
  return input
}

/** An empty list of files is no answer. */
async function filesIn(shell: Shell, it: Form, field: FormField, value: unknown): Promise<FileValue[] | null> {
  if (!Array.isArray(value)) throw bad([[field.name, 'must be a list of files that were sent']])
  const files: FileValue[] = []
  for (const one of value) files.push(await fileOf(shell, it, field, one))
  return files.length > 0 || it.share.as === 'chat' ? files : null
}

/** Only what was sent for this very form is a file here: no other file of the workspace can be named. */
async function fileOf({ world }: Shell, { key, workspace }: Form, { name }: FormField, value: unknown): Promise<FileValue> {
  const [form, id = ''] = (typeof value === 'string' && parts(world, 'sent', value)) || []
  const row = form === key ? await findFile(world.db, workspace, id) : undefined
  if (!row) throw bad([[name, 'The file is not there any more. Choose it again.']])
  return { id: row.id, name: row.name, type: row.type, size: row.size, url: `/api/files/${row.id}` }
}

const bad = (wrong: string[][]) =>
  new Fault('execution.bad_input', {
    details: wrong.slice(0, 50).map(([path, message = '']) => ({ path: `body.values.${path}`, message })),
  })
