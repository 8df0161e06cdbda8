import type { Context } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import type { Body } from './body.ts'
import type { Params } from './params.ts'

type Part = NonNullable<Params['multipart']>[number]
type Piece = { head: string; size: number; bytes: Uint8Array | AsyncIterable<Uint8Array> }

const encoder = new TextEncoder()

/** A form with uploads. Nobody outside knows the key of this activation, so nobody can write the boundary into a field. */
export async function multipartOf(parts: readonly Part[], context: Context): Promise<Body> {
  const boundary = `promptpilot-${context.key.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 40)}`
  const pieces: Piece[] = []
  for (const [at, part] of parts.entries()) pieces.push(await pieceOf(part, at, boundary, context))
  const end = encoder.encode(`--${boundary}--\r\n`)
  const size = pieces.reduce((sum, piece) => sum + encoder.encode(piece.head).length + piece.size + 2, end.length)
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(size) }
  const all = written(pieces, end)
  // Without files it is a short text, which may be sent again after a redirect.
  if (parts.every(part => part.file === undefined))
    return { body: await textOf(all), headers: { 'content-type': headers['content-type'] } }
  return { body: all, headers }
}

async function* written(pieces: readonly Piece[], end: Uint8Array): AsyncGenerator<Uint8Array> {
  for (const { head, bytes } of pieces) {
    yield encoder.encode(head)
    if (bytes instanceof Uint8Array) yield bytes
    else yield* bytes
    yield encoder.encode('\r\n')
  }
  yield end
}

async function textOf(parts: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const part of parts) text += decoder.decode(part, { stream: true })
  return text
}

async function pieceOf(
  { name, value, file, fileName, type }: Part,
  at: number,
  boundary: string,
  context: Context,
): Promise<Piece> {
  const start = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"`
  if (type !== undefined && !/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(; ?[\w-]+=[\w.-]+)*$/.test(type))
    throw new Refused('input.invalid', `The type in \`multipart[${at}].type\` must look like text/csv.`, {
      field: `multipart[${at}].type`,
    })
  if (file === undefined) {
    const bytes = encoder.encode(String(value ?? ''))
    return { head: `${start}${type ? `\r\ncontent-type: ${type}` : ''}\r\n\r\n`, size: bytes.length, bytes }
  }
  const found = await context.files.open(typeof file === 'string' ? file : file.id)
  const head = `${start}; filename="${quoted(fileName ?? found.name)}"\r\ncontent-type: ${type ?? found.type}\r\n\r\n`
  return { head, size: found.size, bytes: found.bytes }
}

/** As browsers do it. */
const quoted = (text: string) => text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22')
