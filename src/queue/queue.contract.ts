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
        queue.push({ id, lane, share: 'x' })
      assert.equal(queue.waiting(), 5)
      assert.deepEqual(all(queue), ['d', 'e', 'a', 'c', 'b'])
      assert.deepEqual([queue.take(), queue.waiting()], [null, 0])
      await queue.close()
    })

    test('lets those who share a lane take turns, and leaves out who does not fit', async () => {
      const queue = await open()
      for (const [id, share] of [
        ['a1', 'a'],
        ['a2', 'a'],
        ['a3', 'a'],
        ['b1', 'b'],
        ['b2', 'b'],
      ] as const)
        queue.push({ id, lane: 1, share })
      assert.equal(queue.take(share => share === 'b')?.id, 'b1')
      assert.deepEqual(all(queue), ['a1', 'b2', 'a2', 'a3'])
      queue.push({ id: 'c1', lane: 1, share: 'c' })
      assert.equal(
        queue.take(() => false),
        null,
      )
      assert.deepEqual(all(queue), ['c1'])
      await queue.close()
    })

    test('has a hint once, in the best lane it was given', async () => {
      const queue = await open()
      for (const lane of [2, 2, 1, 3]) queue.push({ id: 'a', lane, share: 'x' })
      queue.push({ id: 'b', lane: 1, share: 'x' })
      assert.deepEqual(all(queue), ['a', 'b'])
      queue.push({ id: 'a', lane: 1, share: 'x' })
      assert.deepEqual(all(queue), ['a'], 'once it was taken it may come again')
      await queue.close()
    })
  })
}
