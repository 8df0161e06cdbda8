import { z } from 'zod'
import type { Held } from '#engine/events.ts'
import { Fault } from '#errors.ts'
import { awaitRow } from '#executions/execute.ts'
import { findExecution } from '#executions/queries.ts'
import type { Shell } from '#executions/shell.ts'
import { demandExecution, history, outputOf, type Row, shown, summary } from '#executions/show.ts'
import { happening } from '#executions/stream.ts'
import type { Given } from '#http/serve.ts'
import { eventStream, type StreamEvent } from '#http/stream.ts'
import { isObject } from '#sdk/given.ts'
import { sendFile } from '#uploads/download.ts'
import { textOf, withLinks } from './answer.ts'
import type * as contract from './contract.ts'
import { demandSeen, type Form, resultOf } from './form.ts'
import { issue, parts } from './token.ts'

/** An execution, and the form it came by. */
type Seen = { form: Form; row: Row }

/** What a token lets its bearer follow. Fails with `form.not_found`. */
async function demandRun(shell: Shell, token: string): Promise<Seen> {
  const [key = '', id = ''] = parts(shell.world, 'follow', token) ?? []
  const form = await demandSeen(shell, key)
  const row = await findExecution(shell.world.db, form.workspace, id)
  if (!row || row.trigger_id !== form.id) throw new Fault('form.not_found')
  return { form, row }
}

/** What became of what was sent. */
export const result = async (shell: Shell, { params }: Given<typeof contract.result>) =>
  tell(shell, await demandRun(shell, params.follow))

async function tell(shell: Shell, { form, row }: Seen) {
  const { status } = summary(row)
  const how = resultOf(form)
  const told = { status, id: row.id }
  if (how === 'message') return { ...told, ...(form.share.message === undefined ? {} : { message: form.share.message }) }
  if (status === 'failed' || status === 'cancelled') return { ...told, error: 'This could not be finished.' }
  if (status !== 'completed') return told
  const { state } = await history(shell, row)
  return { ...told, ...said(shell, form, await outputOf(shell, row, state)) }
}

/** An output as strangers see it: its files with links of their own, and nothing that leads inside. */
function said(shell: Shell, { share, key }: Form, value: unknown) {
  const output = withLinks(outside(value), file => ({
    ...file,
    url: `/api/public/files/${issue(shell.world, 'file', [key, file.id])}`,
  }))
  return share.as === 'chat' ? { output, text: textOf(output) } : { output }
}

/** What is too large to be sent along is told as its size. */
function outside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(outside)
  return isObject(value) && isObject(value.$large) ? { $large: { bytes: value.$large.bytes } } : value
}

/** The same, as it happens. */
export async function resultEvents(shell: Shell, { params, signal }: Given<typeof contract.resultEvents>) {
  const seen = await demandRun(shell, params.follow)
  const events = resultOf(seen.form) === 'stream' ? telling(shell, seen, signal) : standing(shell, seen, signal)
  return eventStream(events, signal)
}

/** How it stands, until its end. */
async function* standing(shell: Shell, { form, row: first }: Seen, signal: AbortSignal): AsyncGenerator<StreamEvent> {
  let row = first
  for (let status = ''; !signal.aborted; row = await readAgain(shell, row)) {
    if (row.status !== status) yield { event: 'status', data: { status: row.status } }
    status = row.status
    if (row.ended_at !== null) return yield { event: 'end', data: await tell(shell, { form, row }) }
    await awaitRow(shell, form.workspace, row.id, signal, now => now.status !== status || now.ended_at !== null)
  }
}

const readAgain = (shell: Shell, row: Row) => demandExecution(shell, row.workspace_id, row.id)

const PIECE = z.object({ path: z.string(), at: z.number(), text: z.string() })

/** The same, with what is said meanwhile: by whom is not told, only that it is somebody else. */
async function* telling(shell: Shell, { form, row }: Seen, signal: AbortSignal): AsyncGenerator<StreamEvent> {
  const said: string[] = []
  const text = (path: string, at: number, words: string): StreamEvent => {
    if (!said.includes(path)) said.push(path)
    return { event: 'text', data: { part: said.indexOf(path), at, text: words } }
  }
  yield { event: 'status', data: { status: row.status } }
  let status = row.status
  for await (const { event, data } of happening(shell, form.workspace, row.id, { seq: 0, at: 0 }, signal)) {
    if (event === 'end') return yield { event, data: await tell(shell, { form, row: await readAgain(shell, row) }) }
    const piece = event === 'text' ? PIECE.parse(data) : null
    if (piece) yield text(piece.path, piece.at, piece.text)
    const reply = event === 'done' ? REPLIED.safeParse(data).data : undefined
    if (reply) yield text(`${reply.path} reply`, 0, textOf(outside(bodyOf(await shown(shell, row, reply.reply)))))
    const now = event === 'suspended' ? 'paused' : 'running'
    if (now !== status && event !== 'accepted') yield { event: 'status', data: { status: now } }
    status = event === 'accepted' ? status : now
  }
}

const REPLIED = z.object({ path: z.string(), reply: z.custom<Held>(isObject) })
const bodyOf = (reply: unknown): unknown => (isObject(reply) && 'body' in reply ? reply.body : null)

/** A file of an output. */
export async function resultFile(shell: Shell, { params, request }: Given<typeof contract.resultFile>) {
  const [key = '', id = ''] = parts(shell.world, 'file', params.file) ?? []
  const { workspace } = await demandSeen(shell, key)
  return sendFile(shell.world, { workspace, id, inline: false, request })
}
