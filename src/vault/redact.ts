import { type Reading, readings } from './reading.ts'

/** What stands where a secret was. */
export const MASK = '•••'

/**
 * Shorter values are left alone: three characters occur by chance in any text, and masking
 * every occurrence would ruin the text and show what the value is.
 */
const SHORTEST = 4

/** This much of the beginning of a long secret is enough to know it by, also where the text was cut off. */
const KNOWN_BY = 64

/** Masks secrets in a text. */
export type Redact = (text: string) => string

/** Something to look for; `before` and `after` count the neighbours in base64 that hold bits of it too. */
type Needle = { text: string; before: number; after: number }

type Find = { start: number; end: number }

/**
 * Makes a function that masks these secrets in plain, JSON-escaped, URL-encoded, base64 and base64url form.
 *
 * It undoes the escapes of the text instead of writing each secret in every form: one expression with all forms
 * took V8 100 ms to compile for a single service account key, and escapes may be mixed and nested.
 */
export function redactor(secrets: readonly string[]): Redact {
  const plain = new Set<string>()
  for (const secret of secrets) {
    const trimmed = secret.trim().replaceAll('\r\n', '\n')
    if (trimmed.length >= SHORTEST) plain.add(trimmed).add(trimmed.toWellFormed())
  }
  if (plain.size === 0) return text => text
  const coded = new Set([...plain].flatMap(secret => [secret, JSON.stringify(secret).slice(1, -1)]))
  const asText = [...plain].map(text => ({ text, before: 0, after: 0 }))
  const asBase64 = [...coded].flatMap(inBase64)
  return text => mask(text, asText, asBase64)
}

/** Masks secrets everywhere in a JSON value: in texts, in the names of fields, and in numbers. */
export function redactValue(redact: Redact, value: unknown): unknown {
  if (typeof value === 'string') return redact(value)
  if (typeof value === 'number' || typeof value === 'bigint') {
    const text = String(value)
    const masked = redact(text)
    return masked === text ? value : masked
  }
  if (Array.isArray(value)) return value.map(item => redactValue(redact, item))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [redact(name), redactValue(redact, item)]))
}

function mask(text: string, asText: Needle[], asBase64: Needle[]): string {
  const finds: Find[] = []
  for (const reading of readings(text)) {
    look(reading, asText, finds)
    look({ ...reading, text: reading.text.replaceAll('-', '+').replaceAll('_', '/') }, asBase64, finds)
  }
  if (finds.length === 0) return text
  finds.sort((a, b) => a.start - b.start)
  let out = ''
  let done = 0
  for (const { start, end } of finds) {
    if (start > done || out === '') out += text.slice(done, start) + MASK
    done = Math.max(done, end)
  }
  return out + text.slice(done)
}

/** Looks again from the second character of each find: secrets may overlap, and both must go. */
function look({ text, at }: Reading, needles: Needle[], finds: Find[]): void {
  for (const { text: secret, before, after } of needles) {
    const known = secret.slice(0, KNOWN_BY)
    for (let found = text.indexOf(known); found !== -1; found = text.indexOf(known, found + 1)) {
      const length = shown(text, found, secret)
      const end = length === secret.length ? Math.min(found + length + after, text.length) : found + length
      finds.push({ start: at(Math.max(found - before, 0)), end: at(end) })
    }
  }
}

/** How much of a secret stands here, at least what it is known by. */
function shown(text: string, at: number, secret: string): number {
  if (text.startsWith(secret, at)) return secret.length
  let least = Math.min(KNOWN_BY, secret.length)
  for (let most = secret.length; most - least > 1; ) {
    const middle = (least + most) >> 1
    if (text.startsWith(secret.slice(0, middle), at)) least = middle
    else most = middle
  }
  return least
}

/** Three alignments, because three bytes become four characters and a secret may stand anywhere in what was encoded. */
function inBase64(secret: string): Needle[] {
  return [0, 1, 2].map(offset => {
    const coded = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]).toString('base64')
    const own = coded.replace(/.=+$/, '').slice(offset === 0 ? 0 : offset + 1)
    return { text: own, before: offset === 0 ? 0 : 1, after: coded.endsWith('=') ? 1 : 0 }
  })
}
