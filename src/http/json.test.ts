import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '#errors.ts'
import { parseJson } from './json.ts'

const bytes = (text: string) => Buffer.from(text)

const refused = (body: Uint8Array, why: RegExp) =>
  assert.throws(
    () => parseJson(body),
    (error: unknown) => error instanceof Fault && error.code === 'request.bad_json' && why.test(error.message),
  )

test('ordinary JSON comes back as it is', () => {
  const value = {
    name: 'Zoë 🦊 שלום',
    list: [1, -2.5, 1e3, true, null],
    empty: {},
    text: 'a "quoted" \\ {[,:]} word',
    key: 'a:b',
  }
  assert.deepEqual(parseJson(bytes(JSON.stringify(value, null, 2))), value)
})

test('any JSON that a program makes is read as JSON.parse reads it', () => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
  const safe = fc
    .jsonValue({ depthSize: 'medium', stringUnit: 'binary' })
    .filter(value => !/__proto__|\\u0000/.test(JSON.stringify(value)))
  const whole = fc.property(safe, value => {
    const text = JSON.stringify(value)
    try {
      assert.deepEqual(parseJson(bytes(text)), JSON.parse(text))
    } catch (error) {
      // A whole number past 2^53 is the one thing that a program can make and we refuse.
      assert.ok(error instanceof Fault && /cannot be kept exactly/.test(error.message), `seed ${seed}: ${error}`)
    }
  })
  fc.assert(whole, { seed, numRuns: 500 })
})

test('text that only looks like structure is not taken for it', () => {
  assert.deepEqual(parseJson(bytes('{"a":"{\\"a\\":1,\\"a\\":2}","b":["[[[","\\\\"]}')), { a: '{"a":1,"a":2}', b: ['[[[', '\\'] })
  assert.deepEqual(parseJson(bytes('{"a" : {"a":1}, "b":{"a":2}}')), { a: { a: 1 }, b: { a: 2 } })
})

test('64 levels are read and 65 are refused, however many follow', () => {
  const nest = (depth: number) => bytes('['.repeat(depth) + ']'.repeat(depth))
  assert.ok(parseJson(nest(64)))
  refused(nest(65), /deeper than 64/)
  refused(nest(400_000), /deeper than 64/)
})

test('a key that stands twice in one object is refused, also when it is written differently', () => {
  refused(bytes('{"role":"viewer","role":"owner"}'), /"role" stands twice/)
  refused(bytes('{"role":1,"r\\u006fle":2}'), /"role" stands twice/)
})

test('the key __proto__ is refused and makes nobody richer', () => {
  refused(bytes('{"__proto__":{"owner":true}}'), /__proto__/)
  refused(bytes('{"\\u005f_proto__":{"owner":true}}'), /__proto__/)
  assert.equal(Reflect.get({}, 'owner'), undefined)
})

test('numbers that would change are refused with their place', () => {
  refused(bytes('{"id":9007199254740993}'), /9007199254740993 cannot be kept exactly \(character 7\)/)
  refused(bytes('[1e999]'), /1e999/)
  refused(bytes(`[${'9'.repeat(5000)}]`), /cannot be kept exactly/)
  assert.deepEqual(parseJson(bytes('[9007199254740991,-0,0.1,1E-7]')), [9007199254740991, -0, 0.1, 1e-7])
})

test('NUL, half a surrogate pair, broken UTF-8 and a byte order mark are refused', () => {
  refused(bytes('{"a":"x\\u0000y"}'), /NUL/)
  refused(bytes('{"a":"\\ud83d"}'), /surrogate/)
  refused(Buffer.from([0x22, 0xff, 0xfe, 0x22]), /not UTF-8/)
  refused(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes('{}')]), /byte order mark/)
  assert.deepEqual(parseJson(bytes('{"a":"\\ud83e\\udd8a"}')), { a: '🦊' })
})

test('what is no JSON is refused in words', () => {
  for (const text of ['{', '{"a":}', "{'a':1}", 'undefined', '[1,]', '{"a":1}{"b":2}', 'NaN', '01'])
    refused(bytes(text), /not JSON/)
})
