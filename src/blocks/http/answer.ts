import type { CallReply, Context, FileValue } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import { hostOf } from './address.ts'
import type { Mask } from './mask.ts'

type How = 'auto' | 'json' | 'text' | 'file'

/** Such as application/json, application/problem+json; but not application/json-seq or ndjson, which are many. */
const JSON_TYPE = /^(application|text)\/(json|[\w.+-]+\+json)$/
const TEXT_TYPE =
  /^(text\/.+|application\/([\w.+-]+\+(xml|yaml)|xml|xhtml|javascript|ecmascript|x-javascript|yaml|x-yaml|toml|sql|graphql|x-www-form-urlencoded|x-ndjson|ndjson|jsonl|json-seq|csv|rtf|x-sh)|message\/.+)$/

const CUT = 300

/** Reads a body as what it is, or as what somebody wants it to be. */
export async function answerOf(reply: CallReply, how: How, context: Context, mask: Mask, method: string): Promise<unknown> {
  const type =
    String(reply.headers['content-type'] ?? '')
      .split(';', 1)[0]
      ?.trim()
      .toLowerCase() ?? ''
  if (
    method === 'HEAD' ||
    [204, 205, 304].includes(reply.status) ||
    (how !== 'file' && reply.headers['content-length'] === '0')
  ) {
    await reply.bytes()
    return null
  }
  if (how === 'file') return save(reply, type, reply.stream(), context)
  if (how === 'json' || (how === 'auto' && JSON_TYPE.test(type))) return mask.value(parsed(await reply.text(), reply, mask))
  if (how === 'text' || TEXT_TYPE.test(type)) return mask.text(await reply.text())
  if (type !== '') return save(reply, type, reply.stream(), context)
  return untyped(reply, context, mask)
}

function parsed(text: string, { url }: CallReply, mask: Mask): unknown {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text)
  } catch (cause) {
    const cut = mask.text(text).slice(0, CUT)
    const refused = new Refused('http.bad_json', `${hostOf(url)} should have answered JSON, but this is none: ${cut}`, {
      body: cut,
    })
    refused.cause = cause
    throw refused
  }
}

/** Without a type it is a text if it can be one. */
async function untyped(reply: CallReply, context: Context, mask: Mask): Promise<unknown> {
  const bytes = await reply.bytes()
  if (bytes.length === 0) return null
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\u0000')) return mask.text(text)
  } catch {
    // It is no text, then.
  }
  return save(reply, '', bytes, context)
}

function save(
  reply: CallReply,
  type: string,
  bytes: AsyncIterable<Uint8Array> | Uint8Array,
  { files }: Context,
): Promise<FileValue> {
  return files.save(bytes, { name: nameOf(reply), ...(type ? { type } : {}) })
}

/** What the service calls it, or else the end of the address. */
function nameOf({ headers, url }: CallReply): string {
  const said = String(headers['content-disposition'] ?? '')
  const long = /filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(said)?.[1]
  const short = /filename\s*=\s*("((?:[^"\\]|\\.)*)"|[^;\s]+)/i.exec(said)
  const path = URL.parse(url)?.pathname.split('/').findLast(Boolean)
  const name = [long && decoded(long), short && (short[2]?.replace(/\\(.)/g, '$1') ?? short[1]), path && decoded(path)].find(
    Boolean,
  )
  return (name ?? 'answer').replaceAll(/[\p{Cc}/\\]/gu, '_').slice(0, 200)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
