import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { executionTopic } from '#executions/shell.ts'
import { dialectOf, reply, startMock } from '#models/testing.ts'
import { Refused } from '#sdk/fail.ts'
import { testContext } from '#sdk/testing.ts'
import { heldOf, roomForOne } from './material.ts'
import { drawn, MODELS, openAiStage, says } from './testing.ts'

const { it, wires, run, upload } = await openAiStage()
const { openai, compatible } = wires
const [gpt, llama] = [MODELS.openai, MODELS.compatible]

describe('what a model says while it comes', () => {
  const heard = async (block: string, params: object, text: string) => {
    openai.says(async response => {
      // Nobody could listen earlier than the model is asked.
      const [id = ''] = it.server.runner.shell.runs.keys()
      it.server.world.feed.hear(executionTopic(id), words => void pieces.push(JSON.parse(words).text))
      await says('openai', text)(response, { method: '', path: '', headers: {}, body: null })
    })
    const pieces: string[] = []
    const { status } = await run(block, { model: gpt, ...params })
    assert.equal(status, 'completed')
    return pieces.join('')
  }

  test('is shown where people read it', async () => {
    assert.equal(await heard('ai.write', { prompt: 'Hi' }, 'Good day'), 'Good day')
    assert.equal(await heard('ai.chat', { message: 'Hi' }, 'Good day'), 'Good day')
    assert.equal(await heard('ai.summarize', { text: 'Hi' }, 'Good day'), 'Good day')
    assert.equal(await heard('ai.translate', { text: 'Hi', to: 'German' }, 'Guten Tag'), 'Guten Tag')
  })

  test('is not shown where it is meant for machines', async () => {
    assert.equal(await heard('ai.extract', { text: 'Hi', fields: [{ name: 'a' }] }, '{"a":null}'), '')
    const verdict = '{"reason":"x","label":"a","confidence":1}'
    assert.equal(await heard('ai.classify', { text: 'Hi', classes: ['a'] }, verdict), '')
    assert.equal(await heard('ai.moderate', { text: 'Hi', categories: ['a'] }, '{"a":0}'), '')
  })
})

describe('the cache of a node that asks a model', () => {
  const cache = { ttl: 60_000 }

  test('asks once for the same, and anew for another model, credential, setting, text or file', async () => {
    const base = { model: gpt, prompt: 'Hi', text: '{{ trigger.text }}', files: '{{ trigger.file }}' }
    const id = await it.publish(drawn('ai.write', base, { cache }))
    openai.says(says('openai', 'Hello'))
    const file = await upload('a.txt', 'One', 'text/plain')
    const ask = async (input: object) => (await it.run(id, { text: 'x', file, ...input })).output.text
    for (const _ of [1, 2]) assert.equal(await ask({}), 'Hello')
    assert.equal(openai.sent.length, 1)

    await ask({ file: await upload('a.txt', 'One', 'text/plain') })
    await ask({ file: file.id })
    assert.equal(openai.sent.length, 1, 'the same file, uploaded again or named by its id')
    await ask({ file: await upload('a.txt', 'Two', 'text/plain') })
    assert.equal(openai.sent.length, 2, 'another content')
    await ask({ file: await upload('b.txt', 'One', 'text/plain') })
    assert.equal(openai.sent.length, 3, 'another name')
    await ask({ text: 'y' })
    assert.equal(openai.sent.length, 4, 'another text')

    for (const [nth, more] of [{ temperature: 0.1 }, { system: 'Be brief.' }, { model: 'openai/gpt-5-mini' }].entries()) {
      const other = await it.publish(drawn('ai.write', { ...base, ...more }, { cache }))
      for (const _ of [1, 2]) await it.run(other, { text: 'x', file })
      assert.equal(openai.sent.length, 5 + nth, JSON.stringify(more))
    }
    const values = { apiKey: 'other', baseUrl: dialectOf('openai').base(openai.url) }
    const { id: credential } = await it.post('/api/credentials', { name: 'other', kind: 'openai', values })
    const other = await it.publish(drawn('ai.write', base, { cache, credential }))
    for (const _ of [1, 2]) await it.run(other, { text: 'x', file })
    assert.equal(openai.sent.length, 8, 'another credential')
  })

  test('keeps all outlets that were taken, and no failure', async () => {
    const classes = { model: gpt, text: 'x', classes: ['a', 'b', 'c'], several: true }
    const { nodes, edges } = drawn('ai.classify', classes, { cache })
    const more = ['a', 'b', 'c'].map(key => ({ key, block: 'core.set', params: { fields: { n: 1 } } }))
    const id = await it.publish({ nodes: [...nodes, ...more], edges: [...edges, 'ai:a -> a', 'ai:b -> b', 'ai:c -> c'] })
    openai.says(reply({ error: { message: 'No.' } }, 400), says('openai', { reason: 'x', labels: ['c', 'a'], confidence: 1 }))
    assert.equal((await it.run(id)).status, 'failed')
    for (const _ of [1, 2]) {
      const { results } = await it.run(id)
      assert.deepEqual([results.a?.n, results.b, results.c?.n], [1, undefined, 1])
    }
    assert.equal(openai.sent.length, 2)
  })

  test('does not answer with pictures that were deleted', async () => {
    const id = await it.publish(drawn('ai.image', { prompt: 'Tea' }, { cache }))
    const first = (await it.run(id)).output.file.id
    assert.equal((await it.run(id)).output.file.id, first)
    await it.server.send(`/api/files/${first}`, { method: 'DELETE', token: it.token })
    assert.notEqual((await it.run(id)).output.file.id, first)
  })
})

test('a failing answer is told in the way that the node has chosen, and its text is there', async () => {
  const { nodes, edges } = drawn('ai.write', { model: llama, prompt: 'Hi' }, { onError: 'route' })
  const told = { key: 'told', block: 'core.set', params: { fields: { text: '{{ ai.error.details.text }}' } } }
  const id = await it.publish({ nodes: [...nodes, told], edges: [...edges, 'ai:error -> told'] })
  compatible.says(says('compatible', 'I would', 'filtered'))
  assert.deepEqual((await it.run(id)).output, { text: 'I would' })
})

test('a message that was written down gets its files back', async () => {
  const { context, store } = testContext()
  const file = store('a.txt', 'One', 'text/plain')
  const message = await heldOf(
    {
      role: 'user',
      parts: [
        { is: 'text', text: 'Look' },
        { is: 'file', file, kept: 1 },
      ],
    },
    context,
  )
  const bytes = new TextEncoder().encode('One')
  assert.deepEqual(message.parts, [
    { is: 'text', text: 'Look' },
    { is: 'file', bytes, name: 'a.txt', type: 'text/plain', kept: 1 },
  ])
  await assert.rejects(heldOf({ role: 'user', parts: [{ is: 'file', file: { id: 'none' } }] }, context), Refused)
  const large = store('l.bin', new Uint8Array(33 * 2 ** 20))
  await assert.rejects(heldOf({ role: 'user', parts: [{ is: 'file', file: large }] }, context), { code: 'input.too_large' })
})

test('the files of a conversation are together no more than one question carries', async () => {
  const { context, store } = testContext()
  const half = { is: 'file' as const, file: store('h.bin', new Uint8Array(20 * 2 ** 20)) }
  const room = roomForOne()
  await heldOf({ role: 'user', parts: [half] }, context, room)
  await assert.rejects(heldOf({ role: 'user', parts: [half] }, context, room), { code: 'input.too_large' })
})

test('a server of others that stands in for the providers is talked to', async () => {
  const mock = await startMock()
  try {
    mock.onMessage('weather', { content: '{"city":"Köln","degrees":3}' }).onMessage('hello', { content: 'Guten Tag 👋' })
    for (const id of ['openai', 'anthropic', 'google', 'compatible'] as const) {
      const values = { apiKey: 'x', baseUrl: dialectOf(id).base(mock.url) }
      const { id: credential } = await it.post('/api/credentials', { name: 'mock', kind: id, values })
      const model = MODELS[id]
      const said = await run('ai.write', { model, prompt: 'hello' }, { node: { credential } })
      assert.deepEqual([said.output?.text, said.output?.model], ['Guten Tag 👋', model])
      const fields = [{ name: 'city' }, { name: 'degrees', type: 'number' }]
      const found = await run('ai.extract', { model, text: 'the weather', fields }, { node: { credential } })
      assert.deepEqual(found.output?.object, { city: 'Köln', degrees: 3 })
    }
  } finally {
    await mock.stop()
  }
})
