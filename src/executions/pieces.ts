import { Buffer } from 'node:buffer'
import { DEEPEST, tooDeep } from './depth.ts'

/** Bytes that are passed on at once. */
const CHUNK = 2 ** 17
/** What is certainly shorter than this becomes text in one go. */
const SMALL = 2 ** 14

/** The JSON of a value, a little at a time: the whole of a large one is never there as text. */
export async function* jsonOf(value: unknown): AsyncGenerator<Uint8Array> {
  let text = ''
  for (const piece of pieces(value)) {
    text += piece
    if (text.length < CHUNK) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}

function* pieces(value: unknown): Generator<string> {
  if (measure(value, SMALL) >= 0) yield JSON.stringify(value) ?? 'null'
  else if (typeof value === 'string') yield* ofText(value)
  else if (Array.isArray(value)) yield* ofList(value)
  else yield* ofObject(Object(value))
}

/** Half a character at a border is written as an escape, and so is the other half: read together they are one again. */
function* ofText(text: string): Generator<string> {
  yield '"'
  for (let at = 0; at < text.length; at += SMALL) yield JSON.stringify(text.slice(at, at + SMALL)).slice(1, -1)
  yield '"'
}

function* ofList(list: readonly unknown[]): Generator<string> {
  let sign = '['
  for (const one of list) {
    yield sign
    yield* pieces(one)
    sign = ','
  }
  yield sign === '[' ? '[]' : ']'
}

function* ofObject(object: object): Generator<string> {
  if ('toJSON' in object && typeof object.toJSON === 'function') {
    yield JSON.stringify(object) ?? 'null'
    return
  }
  let sign = '{'
  for (const [name, one] of Object.entries(object)) {
    if (one === undefined || typeof one === 'function' || typeof one === 'symbol') continue
    yield `${sign}${JSON.stringify(name)}:`
    yield* pieces(one)
    sign = ','
  }
  yield sign === '{' ? '{}' : '}'
}

/** What is left of the room when the JSON of a value has taken its part; less than nothing when it does not fit. Looks no further than it must. */
export function measure(value: unknown, room: number, deep = DEEPEST): number {
  if (typeof value === 'string') return room - value.length - 2
  if (typeof value !== 'object' || value === null) return room - 8
  if (deep === 0) throw tooDeep()
  let left = room - 2
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && left >= 0; at += 1) left = measure(value[at], left, deep - 1)
    return left
  }
  for (const key in value) {
    if (left < 0) return left
    left = measure(Reflect.get(value, key), left - key.length - 4, deep - 1)
  }
  return left
}
