import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ask, Message, Tool } from '#sdk/model.ts'
import { ask, user } from './testing.ts'

const text = { type: 'string' }
const tool = (name: string, about: string, properties: Record<string, unknown>): Tool => ({
  name,
  about,
  input: { type: 'object', properties, required: Object.keys(properties), additionalProperties: false },
})
const TOOLS = [
  tool('get_weather', 'Says how the weather is in a city', { city: text }),
  tool('send_mail', 'Sends an e-mail', { to: { type: 'string', format: 'email' }, subject: text }),
  tool('find_order', 'Looks an order up by its number', { orderNumber: text }),
]

/** Goes on until nothing is called; `output` says what each tool puts out, null where it fails. */
async function converse(messages: Message[], output: (tool: string) => unknown, more: Partial<Ask> = {}) {
  const said = [...messages]
  const calls: unknown[] = []
  for (let turn = 0; turn < 10; turn += 1) {
    const reply = await ask(said, { tools: TOOLS, ...more })
    said.push({ role: 'assistant', parts: reply.parts })
    if (reply.calls.length === 0) return { text: reply.text, calls, said }
    assert.equal(reply.finish, 'tools')
    calls.push(...reply.calls)
    const parts = reply.calls.map(({ id, tool: name }) => {
      const value = output(name)
      return { is: 'result' as const, id, tool: name, output: value ?? 'no answer', failed: value === null }
    })
    said.push({ role: 'tool', parts })
  }
  assert.fail('it never ended')
}

test('the tool that shares most words is called once, with what the request holds, and its result is told', async () => {
  const { text: told, calls } = await converse([user('How is the weather in Berlin?')], () => ({ sky: 'clear' }))
  assert.deepEqual(calls, [{ id: 'demo-1-1', tool: 'get_weather', input: { city: 'Berlin' } }])
  assert.equal(told, '[demo, not an AI] get_weather: {"sky":"clear"}')
})

test('several tools in one request are called one after the other, each once, and what failed is said', async () => {
  const request = 'Look up order #A-17, then tell me the weather in Rome and then send a mail to anna@example.com'
  const { text: told, calls } = await converse([user(request)], name => (name === 'send_mail' ? null : 'fine'))
  assert.deepEqual(calls, [
    { id: 'demo-1-1', tool: 'find_order', input: { orderNumber: 'A-17' } },
    { id: 'demo-3-1', tool: 'get_weather', input: { city: 'Rome' } },
    { id: 'demo-5-1', tool: 'send_mail', input: { to: 'anna@example.com', subject: 'send a mail to anna@example.com' } },
  ])
  assert.equal(told, '[demo, not an AI] find_order: fine\nget_weather: fine\nsend_mail failed: no answer')
})

test('steps may be numbered', async () => {
  const { calls } = await converse([user('1. weather in Oslo\n2. find order no. 55')], () => 1)
  assert.deepEqual(
    calls.map(call => Reflect.get(Object(call), 'tool')),
    ['get_weather', 'find_order'],
  )
})

test('what an earlier tool found is given to the next', async () => {
  const { calls } = await converse([user('Find order #9, then send a mail')], () => ({ email: 'eva@example.com' }))
  assert.equal(Reflect.get(Object(calls[1]), 'input').to, 'eva@example.com')
})

test('without a shared word no tool is called, unless one must be, and none where none may be', async () => {
  const hello = [user('Hello!')]
  assert.deepEqual((await converse(hello, () => 1)).calls, [])
  const must = await converse(hello, () => 'done', { choose: 'required' })
  assert.equal(must.calls.length, 1)
  assert.match(must.text, /get_weather: done/)
  const none = await converse([user('How is the weather in Berlin?')], () => 1, { choose: 'none' })
  assert.deepEqual(none.calls, [])
})

test('what failed is not called again with the same, also in a later turn', async () => {
  const first = await converse([user('How is the weather in Berlin?')], () => null)
  const again = await converse([...first.said, user('How is the weather in Berlin?')], () => 'sunny')
  assert.deepEqual(again.calls, [])
  const other = await converse([...first.said, user('How is the weather in Rome?')], () => 'sunny')
  assert.equal(other.calls.length, 1)
})

test('a later turn may call what an earlier one has', async () => {
  const first = await converse([user('How is the weather in Berlin?')], () => 'rain')
  const again = await converse([...first.said, user('And the weather in Berlin now?')], () => 'sunny')
  assert.equal(again.calls.length, 1)
  assert.match(again.text, /^\[demo, not an AI\] get_weather: sunny$/)
})

test('with a schema the results are in the answer', async () => {
  const schema = { type: 'object', properties: { temperature: { type: 'integer' } }, required: ['temperature'] }
  const { text: told } = await converse([user('How is the weather in Berlin?')], () => ({ temperature: 21 }), { schema })
  assert.deepEqual(JSON.parse(told), { temperature: 21 })
})
