import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Queue } from './queue.ts'

/** What every queue must do alike. */
export function behaves(name: string, open: () => Promise<Queue>): void {
  describe(`a queue (${name})`, () => {
    const all = (queue: Queue) => {
      const ids: string[] = []
      for (let next = queue.take(); next; next = queue.take()) ids.push(next.id)
      return ids
    }

    test('gives hints in their order, smaller lanes first', async () => {
      const queue = await open()
      for (const [id, lane] of [
        ['a', 1],
        ['b', 2],
        ['c', 1],
        ['d', -3],
        ['e', 0],
      ] as const)
        queue.push({ id, lane })
      assert.equal(queue.waiting(), 5)
      assert.deepEqual(all(queue), ['d', 'e', 'a', 'c', 'b'])
      assert.deepEqual([queue.take(), queue.waiting()], [null, 0])
      await queue.close()
    })

    test('has a hint once, in the best lane it was given', async () => {
      const queue = await open()
      for (const lane of [2, 2, 1, 3]) queue.push({ id: 'a', lane })
      queue.push({ id: 'b', lane: 1 })
      assert.deepEqual(all(queue), ['a', 'b'])
      queue.push({ id: 'a', lane: 1 })
      assert.deepEqual(all(queue), ['a'], 'once it was taken it may come again')
      await queue.close()
    })
  })
}
