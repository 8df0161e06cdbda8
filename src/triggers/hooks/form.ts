import { Fault, messageOf } from '#errors.ts'
import { filesFor } from '#executions/files.ts'
import type { Knock } from '#http/door.ts'
import type { FileValue } from '#sdk/context.ts'
import type { World } from '#world.ts'

/** More parts than any form has. */
const MOST = 200

/** A form with files: its fields as a value, and its files in the workspace. */
export async function readForm(
  world: World,
  workspace: string,
  { headers, body }: Pick<Knock, 'headers' | 'body'>,
): Promise<{ body: Record<string, string | string[]>; files: (FileValue & { field: string })[] }> {
  const parts = [...(await parse(headers['content-type'] ?? '', body))]
  if (parts.length > MOST) throw new Fault('request.bad_multipart', { message: `The form has more than ${MOST} parts.` })
  const fields = new Map<string, string | string[]>()
  const files: (FileValue & { field: string })[] = []
  for (const [field, value] of parts) {
    if (typeof value === 'string') {
      const before = fields.get(field)
      fields.set(field, before === undefined ? value : [before, value].flat())
    } else {
      const bytes = new Uint8Array(await value.arrayBuffer())
      const saved = await filesFor(world, workspace).save(bytes, { name: value.name, type: value.type })
      files.push({ ...saved, field })
    }
  }
  return { body: Object.fromEntries(fields), files }
}

async function parse(type: string, body: Buffer): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  } catch (cause) {
    throw new Fault('request.bad_multipart', { message: `The form cannot be read: ${messageOf(cause)}.`, cause })
  }
}
