import { createHash } from 'node:crypto'
import { Fault } from '#errors.ts'
import { filesFor } from '#executions/files.ts'
import { checkInput } from '#executions/input.ts'
import type { Shell } from '#executions/shell.ts'
import { addressOf } from '#http/frame.ts'
import type { Given } from '#http/serve.ts'
import type { Line } from '#triggers/ledger.ts'
import { fire, fireOnce } from '#triggers/origin.ts'
import type * as contract from './contract.ts'
import { demandForm, type Form, refuseLocked } from './form.ts'
import { issue } from './token.ts'
import { inputOf } from './values.ts'

/** Sending again is taken for the same for so long. */
const WINDOW = 7 * 86_400_000
const CONVERSATION_BYTES = 16

type Sent = Given<typeof contract.submit>

/** Starts the workflow with what was filled in, and says how to follow it. */
export async function submit(shell: Shell, { params, body, request }: Sent) {
  const { world } = shell
  const it = await demandForm(shell, params.key)
  refuseLocked(shell, it, body.token)
  const conversation = it.share.as === 'chat' ? (body.conversation ?? world.ids.secret(CONVERSATION_BYTES)) : null
  const input = checkInput(it.ready, it.nodeId, await inputOf(shell, it, body.values, conversation), 'body.values')
  const bytes = Number(request.headers['content-length'] ?? 0)
  const line: Omit<Line, 'trigger'> = {
    outcome: 'fired',
    call: { method: 'POST', path: `/${it.share.as}/${it.key}`, address: addressOf(request), bytes },
  }
  const id = await start(shell, it, body, { input, line })
  return { id, follow: issue(world, 'follow', [it.key, id]), conversation }
}

/** A second press and a call that is sent again lead to what the first one started; only who sends the same is told of it. */
async function start(
  shell: Shell,
  it: Form,
  { submission, values, conversation }: Sent['body'],
  firing: { input: unknown; line: Omit<Line, 'trigger'> },
): Promise<string> {
  if (submission === undefined) return (await fire(shell, it, firing)).id
  const now = shell.world.clock.now()
  const key = createHash('sha256')
    .update(JSON.stringify(['submission', submission, conversation ?? null, values]))
    .digest('hex')
  const guard = (id: string) => shell.sentences.once(it.id, key, id, now, now - WINDOW)
  const taken = await fireOnce(shell, it, { ...firing, guard })
  if (taken) return taken.id
  const { execution_id } = await shell.world.db
    .selectFrom('hook_calls')
    .select('execution_id')
    .where('trigger_id', '=', it.id)
    .where('key_hash', '=', key)
    .executeTakeFirstOrThrow()
  return execution_id
}

/** Takes a file in for a field of a form; what is answered stands for it, in this form alone. */
export async function submitFile(shell: Shell, { params, upload }: Given<typeof contract.submitFile>) {
  const { world } = shell
  const it = await demandForm(shell, params.key)
  refuseLocked(shell, it, upload.fields.token)
  if (!it.fields.some(({ type }) => type === 'file' || type === 'files')) throw new Fault('form.no_files')
  const { id, name, type, size } = await filesFor(world, it.workspace).save(upload.bytes, {
    name: upload.name,
    type: upload.type,
  })
  return { file: issue(world, 'sent', [it.key, id]), name, type, size }
}
