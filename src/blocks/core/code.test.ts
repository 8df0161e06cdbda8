import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testContext } from '#sdk/testing.ts'
import { code } from './code.ts'

test('the code, its input and its bounds go to the sandbox, and what it returns is the output', async () => {
  const asked: unknown[] = []
  const { context } = testContext({
    script: async script => {
      asked.push(script)
      return { value: [1] }
    },
  })
  assert.deepEqual(await code.run(code.input.parse({ code: '\n return 1 ' }), context), [1])
  await code.run(code.input.parse({ code: 'return 2', input: [1], timeout: 5, memory: 16 }), context)
  assert.deepEqual(asked, [
    { code: '\n return 1 ', input: {}, timeout: 10_000, memory: 64 },
    { code: 'return 2', input: [1], timeout: 5, memory: 16 },
  ])
})

test('templates mean nothing in code, and bounds have bounds', () => {
  assert.deepEqual(code.verbatim, ['code'])
  assert.equal(code.effect, 'pure')
  for (const wrong of [
    {},
    { code: '' },
    { code: 1 },
    { code: '1', timeout: 300_001 },
    { code: '1', memory: 15 },
    { code: '1', memory: 257 },
  ])
    assert.equal(code.input.safeParse(wrong).success, false, JSON.stringify(wrong))
})
