import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getMigrations } from 'better-auth/db/migration'
import { databases } from '#db/testing.ts'
import { startServer } from '#testing.ts'
import { makeAuth } from './auth.ts'

for (const kind of databases()) {
  test(`our migration has every table and column that Better Auth wants, on ${kind.name}`, { skip: kind.skip }, async () => {
    const where = await kind.place()
    const server = await startServer(where, {
      GITHUB_CLIENT_ID: 'a',
      GITHUB_CLIENT_SECRET: 'b',
      PUBLIC_URL: 'https://pilot.example.org',
    })
    const auth = makeAuth(server.world, Buffer.alloc(32, 'x'))
    const { toBeCreated, toBeAdded } = await getMigrations(auth.options)
    await server.stop()
    await where.drop()
    assert.deepEqual([toBeCreated, toBeAdded.map(one => [one.table, Object.keys(one.fields)])], [[], []])
  })
}
