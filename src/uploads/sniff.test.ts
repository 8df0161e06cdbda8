import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { contentType, isShown, sniff } from './sniff.ts'

/** fast-check prints it when something fails; set SEED to see that again. */
const seed = Number(process.env.SEED ?? process.hrtime.bigint() % 2_147_483_647n)
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test('the type comes from the bytes', async () => {
  const cases: [Uint8Array, string][] = [
    [PNG, 'image/png'],
    [Buffer.from('%PDF-1.7\n%\xE2\xE3', 'latin1'), 'application/pdf'],
    [Buffer.from('GIF89a\x01\0\x01\0', 'latin1'), 'image/gif'],
    [Buffer.from('hello, wörld 👋\n'), 'text/plain'],
    [Buffer.from('{"a":1}'), 'text/plain'],
    [Buffer.alloc(0), 'text/plain'],
    [Buffer.from('text\0with nul'), 'application/octet-stream'],
    [Buffer.from([0xc3, 0x28, 0x80]), 'application/octet-stream'],
    [Buffer.from('MZ\x90\0', 'latin1'), 'application/x-msdownload'],
  ]
  for (const [bytes, type] of cases) assert.equal(await sniff(bytes, true), type, String(bytes))
})

test('pages, drawings and scripts are text', async () => {
  const pages = [
    '<!doctype html><script>alert(1)</script>',
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    '<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
    '\ufeff<html>',
    'alert(1)',
  ]
  for (const page of pages) {
    const type = await sniff(Buffer.from(page), true)
    assert.equal(type, 'text/plain', page)
    assert.equal(contentType(type), 'text/plain; charset=utf-8')
  }
  assert.equal(await sniff(Buffer.from('\ufeff<?xml version="1.0"?><svg/>', 'utf16le'), true), 'application/octet-stream')
})

test('a character may be cut off where the file goes on, not where it ends', async () => {
  const head = Buffer.from('é'.repeat(3000)).subarray(0, 4099)
  assert.equal(await sniff(head, false), 'text/plain')
  assert.equal(await sniff(head, true), 'application/octet-stream')
})

test('only what cannot run is shown', () => {
  for (const type of ['image/png', 'image/webp', 'audio/mpeg', 'video/mp4', 'text/plain']) assert.ok(isShown(type), type)
  for (const type of [
    'image/svg+xml',
    'text/html',
    'application/pdf',
    'application/xml',
    'application/octet-stream',
    'text/calendar',
  ])
    assert.ok(!isShown(type), type)
})

test('no bytes make it fail, and none make it say a type that a browser would run', async () => {
  const start = fc.constantFrom<Uint8Array[]>(
    new Uint8Array(),
    PNG.subarray(0, 30),
    Buffer.from('PK\x03\x04'),
    Buffer.from('<?xml '),
    Buffer.from('\x1f\x8b'),
    Buffer.from('ID3'),
    Buffer.from('RIFF'),
    Buffer.from('\0\0\0\x18ftypmp42'),
  )
  await fc.assert(
    fc.asyncProperty(start, fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (first, rest, whole) => {
      const type = await sniff(Buffer.concat([first, rest]), whole)
      assert.match(type, /^[\w.+-]+\/[\w.+-]+(; ?[\w=-]+)*$/)
      assert.doesNotMatch(type, /html|svg|xml$|script/)
    }),
    { seed, numRuns: 500 },
  )
})
