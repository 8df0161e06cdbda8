import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { disposition, safeName } from './name.ts'

/** fast-check prints it when something fails; set SEED to see that again. */
const seed = Number(process.env.SEED ?? process.hrtime.bigint() % 2_147_483_647n)
test('a name that harms nobody stays as it is, in any script', () => {
  for (const name of [
    'report.pdf',
    'Übersicht (2).xlsx',
    '日本語.txt',
    '👩‍👩‍👧.png',
    'שלום.txt',
    'it\'s 100% "fine".md',
    '.env',
    'a b',
    'con',
    'x'.repeat(255),
  ]) {
    assert.equal(safeName(name), name)
  }
})

test('paths, control characters, turns of direction and blanks at the ends are taken away', () => {
  const pairs: [string, string][] = [
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\report.pdf', 'report.pdf'],
    ['a\r\nSet-Cookie: x=1.txt', 'aSet-Cookie: x=1.txt'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['\u2067nul\0\u0007.txt\u2069', 'nul.txt'],
    ['line\u2028end\ufeff.txt ', 'lineend.txt'],
    ['half \ud800 character.txt', 'half  character.txt'],
    ['', 'file'],
    ['/', 'file'],
    ['..', 'file'],
    ['a/..', 'file'],
    [' . ', 'file'],
    ['\u202e', 'file'],
  ]
  for (const [given, safe] of pairs) assert.equal(safeName(given), safe, JSON.stringify(given))
})

test('a long name keeps its ending and at most 255 characters', () => {
  assert.equal(safeName(`${'é'.repeat(400)}.jpeg`), `${'é'.repeat(250)}.jpeg`)
  assert.equal([...safeName(`${'👍'.repeat(300)}.txt`)].length, 255)
  assert.equal(safeName(`a.${'b'.repeat(400)}`), `a.${'b'.repeat(253)}`)
})

test('any name makes a header that can be sent and read back', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({ unit: fc.constantFrom('"', '\\', '%', "'", '/', ';', '\r', '\n', '\0', '\u202e', 'a', '.', ' ', 'é') }),
  )
  fc.assert(
    fc.property(anything, name => {
      const safe = safeName(name)
      assert.equal(safeName(safe), safe)
      assert.ok(
        safe !== '' && [...safe].length <= 255 && safe.isWellFormed() && !/[/\\\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(safe),
      )
      const header = disposition('attachment', name)
      assert.match(header, /^attachment; filename="[ !#$&-[\]-~]+"; filename\*=UTF-8''[\w!#$&+.^`|~%-]+$/)
      assert.equal(decodeURIComponent(header.split("UTF-8''")[1] ?? ''), safe)
      new Headers({ 'content-disposition': header })
    }),
    { seed, numRuns: 1000 },
  )
})
