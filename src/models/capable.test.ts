import assert from 'node:assert/strict'
import { test } from 'node:test'
import { databases } from '#db/testing.ts'
import { setStage } from '#executions/testing.ts'
import { writers } from './capable.ts'
import { reply, startWire } from './testing.ts'

test('the models that can write come in the order of what is known of them, the demo last', async context => {
  const [kind] = databases()
  assert.ok(kind)
  const it = await setStage(await kind.place())
  const wire = await startWire()
  context.after(async () => {
    await wire.stop()
    await it.close()
  })
  const { id } = await it.get('/api/workspaces').then(({ items }) => items[0])
  const names = async () => (await writers(it.server.world, id)).map(one => one.id)
  assert.deepEqual(await names(), ['demo/writer'])

  wire.says(
    reply({ data: ['text-embedding-3-small', 'babbage-002', 'odd', 'gpt-4o', 'whisper-1', 'gpt-5'].map(name => ({ id: name })) }),
  )
  await it.post('/api/credentials', { name: 'server', kind: 'compatible', values: { baseUrl: `${wire.url}/v1` } }, 201)
  await it.post('/api/credentials', { name: 'key', kind: 'openai', values: { apiKey: 'x', baseUrl: `${wire.url}/v1` } }, 201)
  assert.deepEqual(await names(), [
    'openai/gpt-5',
    'openai/gpt-4o',
    'openai/odd',
    'compatible/odd',
    'compatible/gpt-4o',
    'compatible/gpt-5',
    'demo/writer',
  ])
})
