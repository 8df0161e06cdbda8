import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MASK, redactor, redactValue } from './redact.ts'

/** fast-check prints it when something fails; set SEED to see that again. */
const seed = Number(process.env.SEED ?? process.hrtime.bigint() % 2_147_483_647n)
const check = { seed, numRuns: 300, verbose: 1 } as const
const secret = fc
  .string({ unit: 'binary', minLength: 4, maxLength: 300 })
  .filter(text => text.trim().length >= 4 && !text.includes('•'))
const around = fc.string({ unit: 'grapheme', maxLength: 30 })
const form = (text: string) => new URLSearchParams({ a: text }).toString().slice(2)
const base64 = (text: string) => Buffer.from(text).toString('base64')

test('a secret does not survive in any of its forms, whatever stands around it', () => {
  fc.assert(
    fc.property(secret, around, around, (value, before, after) => {
      const redact = redactor([value])
      const written = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed()), form(value)]
      for (const text of [...written, ...written.slice(2).map(it => it.replace(/%../g, hex => hex.toLowerCase()))]) {
        const masked = redact(`${before}${text}${after}`)
        assert.ok(masked.includes(MASK), `nothing masked in ${masked}`)
        assert.ok(!masked.includes(text.trim()), `${text} is still in ${masked}`)
      }
      for (const whole of [value, JSON.stringify({ value })]) {
        for (const offset of ['', 'x', 'xy', 'xyz']) {
          const bytes = Buffer.from(`${offset}${whole}${after}`)
          const inside = `${value.trim()}`
          for (const coded of [
            bytes.toString('base64'),
            bytes.toString('base64url'),
            encodeURIComponent(bytes.toString('base64')),
          ]) {
            const masked = redact(coded)
            assert.ok(masked.includes(MASK), `nothing masked in ${masked}`)
            assert.ok(!Buffer.from(decodeURIComponent(masked), 'base64').includes(inside))
          }
        }
      }
    }),
    check,
  )
})

test('JSON that was put into JSON again, and non-ASCII letters as \\u escapes, are masked too', () => {
  fc.assert(
    fc.property(secret, value => {
      const once = JSON.stringify(value)
      const twice = JSON.stringify(JSON.stringify({ once }))
      const ascii = once.replace(
        /[^\x20-\x7e]/g,
        letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`,
      )
      for (const text of [twice, ascii]) assert.ok(redactor([value])(text).includes(MASK), text)
    }),
    check,
  )
})

test('a text without a secret stays as it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[A-Z]{12,40}$/), { maxLength: 5 }),
      fc.string({ unit: 'binary', maxLength: 200 }),
      (secrets, text) => {
        const plain = text.replace(/[A-Z0-9+/_-]/g, 'a')
        assert.equal(redactor(secrets)(plain), plain)
      },
    ),
    check,
  )
})

test('of several secrets the longest is masked as one, and secrets that overlap leave nothing of either', () => {
  const redact = redactor(['admin', 'admin-password', 'password-two'])
  assert.equal(redact('user=admin pass=admin-password.'), `user=${MASK} pass=${MASK}.`)
  assert.equal(redact('<admin-password-two>'), `<${MASK}>`)
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 6 }), around, (secrets, text) => {
      const masked = redactor(secrets)(text + secrets.join(text) + text)
      for (const one of secrets) assert.ok(!masked.includes(one.trim()))
    }),
    check,
  )
})

test('values shorter than four characters and blanks are left alone', () => {
  const redact = redactor(['', 'abc', '    ', ' ab\n'])
  assert.equal(redact('abc ab      '), 'abc ab      ')
})

test('blanks around a secret do not hide it', () => {
  assert.equal(redactor(['  token-1\n'])('Bearer token-1'), `Bearer ${MASK}`)
})

test('a key of many lines is masked with either kind of line end, and when only its beginning is shown', () => {
  const pem = `-----BEGIN KEY-----\n${Array.from({ length: 40 }, (_, line) => base64(`line ${line} of the key`)).join('\n')}\n-----END KEY-----\n`
  const redact = redactor([pem])
  assert.equal(redact(`x ${pem.trim()} y`), `x ${MASK} y`)
  assert.equal(redact(pem.trim().replaceAll('\n', '\r\n')), MASK)
  assert.equal(redact(JSON.stringify({ pem: pem.trim() })), `{"pem":"${MASK}"}`)
  assert.ok(!redact(pem.slice(0, 700)).includes(pem.slice(30, 60)))
})

test('a JSON value is masked at every depth, in names of fields and in numbers', () => {
  const redact = redactor(['s3cret', '12345678'])
  const value = {
    a: ['s3cret', { 'x-s3cret': 'Bearer s3cret' }],
    n: 12345678,
    m: 7,
    ok: true,
    none: null,
    ['__proto__']: 's3cret',
  }
  const masked = { a: [MASK, { [`x-${MASK}`]: `Bearer ${MASK}` }], n: MASK, m: 7, ok: true, none: null, ['__proto__']: MASK }
  assert.equal(JSON.stringify(redactValue(redact, value)), JSON.stringify(masked))
})

test('64 KB of text against 20 secrets takes milliseconds, also where the text nearly matches', () => {
  const secrets = Array.from({ length: 20 }, (_, at) => `p@ss "word"\\${at}/${'é%+'.repeat(at)}-end`)
  const redact = redactor(secrets)
  for (const part of ['p@ss "word"', '\\', '%25', '\\\\\\"', 'cEBzcyAi', 'the quick brown fox ']) {
    const text = part.repeat(65536 / part.length)
    redact(text)
    const start = performance.now()
    redact(text)
    assert.ok(performance.now() - start < 250, `${part}: ${performance.now() - start} ms`)
  }
})

test('secrets of 64 KB are no trouble', () => {
  const large = Array.from({ length: 4000 }, (_, at) => `{"${at}": "\\n"},\n`).join('')
  const masked = redactor([large, 'small-secret'])(`a ${large.trim()} b small-secret`)
  assert.equal(masked, `a ${MASK} b ${MASK}`)
})
