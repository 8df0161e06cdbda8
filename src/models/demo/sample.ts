import { type Part, readPattern } from '#sdk/regular.ts'
import { fits, numberOf, type Schema } from './check.ts'
import type { Plain } from './merge.ts'
import { hashOf } from './words.ts'

/** Letters that are tried first where a pattern leaves a choice. */
const LIKED = 'a1A0-_ .bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ23456789@/:,;+#!?%&*()[]{}<>=\'"$^~|\\\täöü€\n'

/** A pattern that must be longer than this is not written out. */
const LONGEST = 5000
const MOST_PARTS = 20_000

const FORMATS: Record<string, (nth: number) => string> = {
  email: nth => `unknown${nth || ''}@example.com`,
  date: nth => new Date(Date.UTC(2000, 0, 1 + nth)).toISOString().slice(0, 10),
  time: nth => `00:${two(nth / 60)}:${two(nth)}Z`,
  'date-time': nth => `2000-01-01T00:${two(nth / 60)}:${two(nth)}Z`,
  uri: nth => `https://example.com/${nth || ''}`,
  url: nth => `https://example.com/${nth || ''}`,
  uuid: nth => `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`,
  ipv4: nth => `192.0.2.${nth % 256}`,
  ipv6: nth => `2001:db8:0:0:0:0:0:${(nth % 65536).toString(16)}`,
  hostname: nth => `host${nth || ''}.example.com`,
  duration: nth => `PT${nth}S`,
}

const two = (value: number) => String(Math.floor(value) % 60).padStart(2, '0')

/** A text that fits a schema where nothing that was found does; each `nth` is another one, as far as there are others. */
export function textFor(schema: Plain, nth: number, root: Schema): string | null {
  const { format, pattern, examples, example } = schema
  const given = [schema.default, ...(Array.isArray(examples) ? examples : []), example]
  const made = [
    ...(typeof format === 'string' && Object.hasOwn(FORMATS, format)
      ? [FORMATS[format]?.(nth), padded(FORMATS[format]?.(nth) ?? '', schema)]
      : []),
    ...(typeof pattern === 'string' ? samples(pattern, schema, nth) : []),
    padded(nth === 0 ? '' : String(nth), schema),
    padded(nth === 0 ? 'unknown' : `unknown ${nth}`, schema),
  ]
  const tried = nth === 0 ? [...given, ...made] : [...made, ...given]
  return tried.find((one): one is string => typeof one === 'string' && fits(one, schema, root)) ?? null
}

/** As long as it must be and as short as it may. */
export function padded(text: string, { minLength, maxLength, format }: Plain): string {
  const least = Math.min(numberOf(minLength, 0), 1_000_000)
  const most = numberOf(maxLength, Number.POSITIVE_INFINITY)
  if (format === 'email' && text.length < least) return text.replace('@', `${'x'.repeat(Math.min(40, least - text.length))}@`)
  if (format === 'uri' || format === 'url') return text.padEnd(least, 'x')
  const plain = text.length > most || [...text].length < least ? text.replace(/[\uD800-\uDFFF]/g, '') : text
  return plain.slice(0, most).padEnd(least, plain === '' ? 'x' : '.')
}

/** Texts that a pattern allows, with more and more repeated, until they are as long as they must be. */
function samples(pattern: string, { minLength }: Plain, nth: number): string[] {
  const read = valid(pattern) ? readPattern(pattern, 'u') : null
  if (!read || 'cannot' in read) return []
  const least = numberOf(minLength, 0)
  const texts: string[] = []
  for (const more of [0, 1, 2, 3, 5, 8, 12, 20, least, 40, 100, least + 50]) {
    const text = written(read.part, { more, nth: 0, chance: `${nth}`, left: MOST_PARTS })
    texts.push(text, `${text}${'x'.repeat(Math.max(0, least - text.length))}`)
    // Where the end is open, numbers tell one from another.
    if (nth > 0) texts.push(`${text}${nth}`)
    if (nth > 0)
      for (let other = 0; other < 3; other += 1)
        texts.push(written(read.part, { more, nth: nth + other, chance: `${nth} ${other} ${more}`, left: MOST_PARTS }))
  }
  const all = [...new Set(texts.reverse().sort((one, other) => one.length - other.length))]
  return [...all.slice(nth % all.length), ...all.slice(0, nth % all.length)]
}

function valid(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').source !== ''
  } catch {
    return false
  }
}

/** How much is repeated beyond the least, and which letters are taken: the first that fit where `nth` is 0. */
type Way = { more: number; nth: number; chance: string; left: number }

function written(part: Part, way: Way, place = ''): string {
  way.left -= 1
  if (part.is === 'assert') return ''
  if (part.is === 'char') return letter(part.test, way, place)
  const roll = way.nth === 0 ? 0 : hashOf(`${way.chance} ${place}`)
  if (part.is === 'choice') return written(part.of[roll % part.of.length] ?? { is: 'sequence', of: [] }, way, `${place}|`)
  const parts =
    part.is === 'sequence' ? part.of : new Array<Part>(Math.min(part.most, part.least + way.more, LONGEST)).fill(part.of)
  let text = ''
  for (const [at, one] of parts.entries()) if (text.length <= LONGEST && way.left > 0) text += written(one, way, `${place}.${at}`)
  return text
}

function letter(test: (code: number) => boolean, { nth, chance }: Way, place: string): string {
  const liked = [...LIKED].filter(one => test(one.codePointAt(0) ?? 0))
  if (liked.length > 0) return liked[nth === 0 ? 0 : hashOf(`${chance} ${place}`) % liked.length] ?? ''
  for (let code = 0x20; code < 0x3000; code += 1) if (test(code)) return String.fromCodePoint(code)
  return ''
}
