import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { prove } from '../tools/prove.ts'

test('a server that is killed again and again under load loses nothing and repeats nothing', {
  timeout: 120_000,
}, async context => {
  const folder = await mkdtemp(join(tmpdir(), 'pp-prove-'))
  const seed = Math.floor(Math.random() * 2 ** 32)
  context.diagnostic(`seed ${seed}`)
  try {
    const { lost, repeated, unexplained, accepted, kills } = await prove({ folder, kills: 3, rate: 200, seed, life: [300, 900] })
    assert.deepEqual({ lost, repeated, unexplained, kills }, { lost: 0, repeated: 0, unexplained: 0, kills: 3 }, `seed ${seed}`)
    assert.ok(accepted > 50, `${accepted} were accepted`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
