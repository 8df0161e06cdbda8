import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeRoom } from './room.ts'

test('lets in what fits, in the order of coming, and the largest alone', async () => {
  const room = makeRoom(10)
  const inside: string[] = []
  const leave = new Map<string, () => void>()
  const come = (name: string, size: number) =>
    void room.enter(size).then(go => {
      inside.push(name)
      leave.set(name, go)
    })
  const settled = () => new Promise(resolve => setImmediate(resolve))
  come('a', 6)
  come('b', 4)
  come('c', 50)
  come('d', 1)
  await settled()
  assert.deepEqual(inside, ['a', 'b'])
  leave.get('a')?.()
  leave.get('a')?.()
  await settled()
  assert.deepEqual(inside, ['a', 'b'], 'the large one waits for an empty room, and nobody overtakes it')
  leave.get('b')?.()
  await settled()
  assert.deepEqual(inside, ['a', 'b', 'c'])
  leave.get('c')?.()
  await settled()
  assert.deepEqual(inside, ['a', 'b', 'c', 'd'])
})
