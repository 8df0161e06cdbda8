import type { Context } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import { encoded, pairsOf } from './address.ts'
import { multipartOf } from './multipart.ts'
import type { Params } from './params.ts'

/** A body and the headers that speak of it. */
export type Body = { body?: string | AsyncIterable<Uint8Array>; headers: Record<string, string> }

type Kind = NonNullable<Params['bodyKind']>

/** Makes the body; once for each time it is sent, since a stream can be read only once. */
export async function bodyOf(params: Params, context: Context): Promise<Body> {
  const { body, form, multipart, text, file, contentType } = params
  switch (kindOf(params)) {
    case 'none':
      return { headers: {} }
    case 'json':
      return jsonOf(body)
    case 'form':
      return typed(encoded(pairsOf(form ?? {})), 'application/x-www-form-urlencoded')
    case 'multipart':
      return multipartOf(multipart ?? [], context)
    case 'text':
      return typed(text ?? (typeof body === 'string' ? body : ''), contentType || typeOf(text ?? body))
    case 'file': {
      if (file === undefined) throw missing('file', 'Choose the file to send, or give its id.')
      const { bytes, size, type } = await context.files.open(typeof file === 'string' ? file : file.id)
      return { body: bytes, headers: { 'content-type': contentType || type, 'content-length': String(size) } }
    }
  }
}

/** What is filled in says what is meant, where nobody has said it. */
function kindOf({ bodyKind, body, form, multipart, text, file }: Params): Kind {
  if (bodyKind !== undefined) return bodyKind
  if (file !== undefined) return 'file'
  if (multipart !== undefined) return 'multipart'
  if (form !== undefined) return 'form'
  if (text !== undefined || typeof body === 'string') return 'text'
  return body === undefined || body === null ? 'none' : 'json'
}

/** A text that is JSON already is not wrapped in quotes again. */
function jsonOf(value: unknown): Body {
  if (value === undefined) throw missing('body', 'Fill in what to send as JSON, or choose to send nothing.')
  return typed(typeof value === 'string' && looksLikeJson(value) ? value : JSON.stringify(value), 'application/json')
}

const typeOf = (text: unknown) =>
  typeof text === 'string' && looksLikeJson(text) ? 'application/json' : 'text/plain; charset=utf-8'

function looksLikeJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const typed = (body: string, type: string): Body => ({ body, headers: { 'content-type': type } })

const missing = (field: string, advice: string) =>
  new Refused('input.invalid', `There is nothing in \`${field}\` to send. ${advice}`, { field })
