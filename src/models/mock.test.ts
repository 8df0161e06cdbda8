import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { LLMock } from '@copilotkit/aimock'
import { Fault } from '#errors.ts'
import { Refused, TryLater } from '#sdk/fail.ts'
import type { Message } from '#sdk/model.ts'
import { asking, DIALECTS, openAt, outboundForTests, startMock } from './testing.ts'

const out = outboundForTests()
const never = new AbortController().signal
let mock: LLMock

before(async () => {
  mock = await startMock()
})
after(async () => {
  await out.close()
  await mock.stop()
})

const WEATHER = {
  name: 'weather',
  about: 'Tells the weather.',
  input: { type: 'object', properties: { city: { type: 'string' } } },
}

for (const dialect of DIALECTS)
  describe(`a server of others that stands in for ${dialect.provider.title}`, () => {
    const ask = async (text: string, more = {}) => {
      const opened = await openAt(dialect, mock.url, out)
      const heard: string[] = []
      const reply = await opened.ask(dialect.model, asking(text, more), { signal: never, text: piece => heard.push(piece) })
      return { reply, heard }
    }

    test('answers in pieces', async () => {
      mock.reset().onMessage('hello', { content: 'Guten Tag, 東京! '.repeat(20) })
      const { reply, heard } = await ask('hello')
      assert.equal(reply.text, 'Guten Tag, 東京! '.repeat(20))
      assert.equal(heard.join(''), reply.text)
      assert.ok(heard.length > 5)
      assert.equal(reply.finish, 'stop')
    })

    test('is talked to over several turns, with tools', async () => {
      mock
        .reset()
        .on(
          { userMessage: 'weather', hasToolResult: false },
          {
            content: 'I look.',
            toolCalls: [
              { name: 'weather', arguments: '{"city":"Köln"}', id: 'call_a' },
              { name: 'weather', arguments: '{"city":"Rom"}', id: 'call_b' },
            ],
          },
        )
        .on({ userMessage: 'weather', hasToolResult: true }, { content: 'Rain and sun.' })
      const first = await ask('weather', { system: 'Be brief.', tools: [WEATHER] })
      assert.equal(first.reply.text, 'I look.')
      assert.equal(first.reply.finish, 'tools')
      assert.deepEqual(
        first.reply.calls.map(({ tool, input }) => [tool, input]),
        [
          ['weather', { city: 'Köln' }],
          ['weather', { city: 'Rom' }],
        ],
      )
      const messages: Message[] = [
        ...asking('weather').messages,
        { role: 'assistant', parts: first.reply.parts },
        {
          role: 'tool',
          parts: first.reply.calls.map(({ id, tool }) => ({ is: 'result', id, tool, output: { sky: 'grey' }, failed: false })),
        },
      ]
      const second = await ask('', { system: 'Be brief.', tools: [WEATHER], messages })
      assert.deepEqual([second.reply.text, second.reply.finish, second.reply.calls], ['Rain and sun.', 'stop', []])
      const body = mock.getLastRequest()?.body
      assert.ok(body && 'messages' in body)
      const roles = Object(body).messages.map(({ role }: { role: string }) => role)
      assert.deepEqual([roles[0], ...roles.slice(-2)], ['system', 'tool', 'tool'])
    })

    test('thinks before it answers', async () => {
      mock.reset().onMessage('why', { content: 'Because.', reasoning: 'Let me see.' })
      const { reply } = await ask('why')
      assert.equal(reply.text, 'Because.')
      assert.equal(reply.parts.find(part => part.is === 'thought')?.text, 'Let me see.')
    })

    test('refuses', async () => {
      mock.reset().nextRequestError(400, { message: 'Not like this.', type: 'invalid_request_error' })
      await assert.rejects(ask('hello'), (error: unknown) => error instanceof Refused && /Not like this\.$/.test(error.message))
      mock
        .reset()
        .on({ userMessage: 'hello' }, { error: { message: 'Slow down.', type: 'rate_limit_error' }, status: 429, retryAfter: 7 })
      await assert.rejects(ask('hello'), (error: unknown) => {
        assert.ok(error instanceof TryLater)
        assert.deepEqual([error.code, error.after], ['model.busy', 7_000])
        return /Slow down\.$/.test(error.message)
      })
    })

    test('hangs up in the middle', async () => {
      mock.reset().onMessage('hello', { content: 'word '.repeat(100) }, { truncateAfterChunks: 4 })
      // Whether what it had said before still arrives is up to the machine.
      await assert.rejects(
        ask('hello'),
        (error: unknown) =>
          (error instanceof TryLater && error.code === 'model.cut') ||
          (error instanceof Fault && error.code === 'outbound.unreachable'),
      )
    })
  })

test('a server of others makes vectors for those that have them', async () => {
  mock.reset().onEmbedding('cat', { embedding: [0.25, 0.5] })
  for (const dialect of DIALECTS.filter(({ provider }) => provider.id !== 'anthropic')) {
    const made = await (await openAt(dialect, mock.url, out)).embed?.('text-embedding-3-small', ['a cat'], never)
    assert.deepEqual(made?.vectors, [[0.25, 0.5]])
  }
})
