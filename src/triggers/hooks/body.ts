import { Fault, messageOf } from '#errors.ts'
import { DEEPEST, isTooDeep } from '#executions/depth.ts'
import { textOf } from '#http/body.ts'
import type { Knock } from '#http/door.ts'

/** The body as a workflow sees it: JSON and forms as values, other text as text, everything else as base64. */
export function bodyOf({ type, body }: Pick<Knock, 'type' | 'body'>): unknown {
  if (body.length === 0) return null
  if (type === 'application/json' || type.endsWith('+json')) return jsonOf(body)
  if (type === 'application/x-www-form-urlencoded') return formOf(body)
  if (type === '' || type.startsWith('text/') || type.endsWith('xml')) return guessed(body, type)
  return { base64: body.toString('base64'), type, size: body.length }
}

function jsonOf(body: Buffer): unknown {
  let value: unknown
  try {
    value = JSON.parse(plainText(body))
  } catch (error) {
    throw new Fault('request.bad_json', { message: `The body says it is JSON and is not: ${messageOf(error)}.` })
  }
  if (isTooDeep(value)) throw new Fault('request.bad_json', { message: `The body is nested deeper than ${DEEPEST} levels.` })
  return value
}

/** Without the mark that some programs of Windows put before it. */
const plainText = (body: Buffer) => textOf(body).replace(/^\uFEFF/, '')

/** Some senders do not say what they send. */
function guessed(body: Buffer, type: string): unknown {
  const text = plainText(body)
  if (type !== '' || !/^\s*[[{]/.test(text)) return text
  try {
    const value: unknown = JSON.parse(text)
    return isTooDeep(value) ? text : value
  } catch {
    return text
  }
}

/** A name that comes twice is a list. */
function formOf(body: Buffer): Record<string, string | string[]> {
  const form: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(body.toString())) {
    const before = form[name]
    form[name] = before === undefined ? value : [before, value].flat()
  }
  return { ...form }
}
