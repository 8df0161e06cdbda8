import assert from 'node:assert/strict'
import { test } from 'node:test'
import { each } from './each.ts'

test('each is done once, four at a time, and what fails stops none of the others', async () => {
  let [now, most] = [0, 0]
  const seen: number[] = []
  const { done, failed } = await each(
    Array.from({ length: 20 }, (_none, at) => at),
    async one => {
      now += 1
      most = Math.max(most, now)
      await Promise.resolve()
      now -= 1
      seen.push(one)
      if (one % 5 === 0) throw new Error(`not ${one}`)
    },
  )
  assert.equal(most, 4)
  assert.deepEqual(
    seen.toSorted((a, b) => a - b),
    Array.from({ length: 20 }, (_none, at) => at),
  )
  assert.deepEqual([done.length, failed.map(({ one }) => one)], [16, [0, 5, 10, 15]])
  assert.deepEqual(await each([], () => Promise.reject(new Error())), { done: [], failed: [] })
})
