import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { jsonOf } from './pieces.ts'

async function written(value: unknown): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of jsonOf(value)) parts.push(part)
  return Buffer.concat(parts).toString()
}

test('a value that is written in pieces is the same when it is read', async () => {
  const seed = Number(process.env.SEED ?? process.hrtime.bigint() % 2_147_483_647n)
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ noUnicodeString: false }), fc.nat(40_000), async (value, length) => {
      const large = { value, list: [value, 'ä💥"\\\n'.repeat(length), { deep: ['x'.repeat(length), value] }], '': null }
      assert.deepEqual(JSON.parse(await written(large)), JSON.parse(JSON.stringify(large)))
    }),
    { seed, numRuns: 100 },
  )
})

test('what JSON leaves out is left out, and what it makes null is null', async () => {
  const long = 'y'.repeat(20_000)
  const odd = { a: undefined, b: () => 1, c: [undefined, Number.NaN, long], d: new Date(0), e: [], f: {} }
  assert.deepEqual(JSON.parse(await written({ odd, long })), JSON.parse(JSON.stringify({ odd, long })))
  assert.equal(await written(undefined), 'null')
})
