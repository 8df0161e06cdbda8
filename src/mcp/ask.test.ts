import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Client } from '@modelcontextprotocol/client'
import { databases } from '#db/testing.ts'
import { until } from '#executions/testing.ts'
import { join } from '#testing.ts'
import { chain, MANNERS, type McpStage, setMcp, wordsOf } from './testing.ts'

type Asked = { message: string; requestedSchema: unknown }
type Answer = { action: 'accept' | 'decline' | 'cancel'; content?: Record<string, string | number | boolean> }

const FIELDS = [
  { name: 'amount', title: 'How much?', type: 'number', required: true },
  { name: 'why', type: 'select', options: ['a', 'b'], default: 'a' },
  { name: 'day', type: 'date' },
  { name: 'sure', type: 'boolean' },
]

/** Asks, and puts out what was decided. */
const asking = (params: Record<string, unknown> = {}) => {
  const ask = { key: 'ask', block: 'core.approve', params: { title: 'Pay it?', message: 'It is due.', ...params } }
  const out = (key: string) => ({
    key,
    block: 'core.respond',
    params: { body: { [key]: '{{ ask.fields }}', by: '{{ ask.by.email }}' } },
  })
  const { nodes, edges } = chain([], ask)
  return { nodes: [...nodes, out('paid'), out('refused')], edges: [...edges, 'ask:approved -> paid', 'ask:rejected -> refused'] }
}

for (const { name, skip, place } of databases().slice(0, 1))
  for (const manner of MANNERS)
    suite(`a tool that asks somebody, by the protocol ${manner}, on ${name}`, { skip }, () => {
      let desk: McpStage
      before(async () => {
        desk = await setMcp(await place())
        await desk.offer('pay', asking({ fields: FIELDS }))
      })
      after(() => desk.close())

      /** A client with somebody in front of it, who answers so. */
      async function person(asked: Asked[], ...answers: (Answer | (() => Promise<Answer>))[]): Promise<Client> {
        const client = await desk.connect(manner, { capabilities: { elicitation: { form: {} } } })
        client.setRequestHandler('elicitation/create', async ({ params }) => {
          if (params.mode === 'url') throw new Error('asked by an address')
          asked.push({ message: params.message, requestedSchema: params.requestedSchema })
          const answer = answers.shift()
          assert.ok(answer, 'asked once too often')
          return typeof answer === 'function' ? answer() : answer
        })
        return client
      }
      const last = async () => (await desk.get('/api/executions?trigger=mcp')).items[0]

      test('asks the person at the client, and goes on approved', async () => {
        const asked: Asked[] = []
        const client = await person(asked, { action: 'accept', content: { amount: 7, why: 'b' } })
        const result = await client.callTool({ name: 'pay', arguments: {} })
        assert.deepEqual(asked, [
          {
            message: 'Pay it?\n\nIt is due.',
            requestedSchema: {
              type: 'object',
              properties: {
                amount: { type: 'number', title: 'How much?' },
                why: { type: 'string', title: 'why', enum: ['a', 'b'], default: 'a' },
                day: { type: 'string', title: 'day', format: 'date' },
                sure: { type: 'boolean', title: 'sure' },
              },
              required: ['amount'],
            },
          },
        ])
        assert.deepEqual(result.structuredContent, {
          paid: { amount: 7, why: 'b', day: null, sure: null },
          by: 'owner@example.org',
        })
        const { items } = await desk.get('/api/audit?action=approval.decided')
        assert.equal(items.length, 1)
      })

      test('that is declined goes on rejected', async () => {
        const client = await person([], { action: 'decline' })
        const result = await client.callTool({ name: 'pay', arguments: {} })
        assert.deepEqual(Object(result.structuredContent).refused, {})
      })

      test('that is closed stays open, and the result says where to decide', async () => {
        const client = await person([], { action: 'cancel' })
        const result = await client.callTool({ name: 'pay', arguments: {} })
        const { id } = await last()
        const { items } = await desk.get(`/api/approvals?executionId=${id}`)
        assert.ok(!result.isError)
        assert.match(wordsOf(result), /waits for a person to decide/)
        assert.ok(wordsOf(result).includes(`- Pay it?: ${desk.server.url}/approvals/${items[0].id}`))
        await desk.post(`/api/approvals/${items[0].id}`, { decision: 'approved', fields: { amount: 1 } })
        const later = await client.callTool({ name: 'promptpilot_get_execution', arguments: { executionId: id, wait: 50 } })
        assert.equal(Object(later.structuredContent).paid.amount, 1)
      })

      test('says so to a client that cannot ask, and does not let it wait', async () => {
        const client = await desk.connect(manner)
        const result = await client.callTool({ name: 'pay', arguments: {} })
        assert.equal(Object(result.structuredContent).waitsFor[0].title, 'Pay it?')
        assert.equal((await last()).status, 'paused')
      })

      test('says again what was wrong with an answer, and gives up after the third', async () => {
        const asked: Asked[] = []
        const wrong: Answer = { action: 'accept', content: { amount: 'much', day: 'never' } }
        const client = await person(asked, wrong, wrong, wrong)
        const result = await client.callTool({ name: 'pay', arguments: {} })
        assert.deepEqual(
          asked.map(one => one.message.split('\n')[0]),
          ['Pay it?', 'amount: must be a number', 'amount: must be a number'],
        )
        assert.match(wordsOf(result), /waits for a person to decide/)
      })

      test('asks one thing after the other, and two at once', async () => {
        const second = { key: 'again', block: 'core.approve', params: { title: 'Really?' } }
        const third = { key: 'beside', block: 'core.approve', params: { title: 'Beside?' } }
        const fourth = { key: 'end', block: 'core.set', params: { fields: { ended: true } } }
        const { nodes, edges } = chain([], { key: 'ask', block: 'core.approve', params: { title: 'First?' } })
        await desk.offer('often', {
          nodes: [...nodes, second, third, fourth],
          edges: [...edges, 'ask:approved -> again', 'ask:approved -> beside', 'again:approved -> end', 'beside:approved -> end'],
        })
        const asked: Asked[] = []
        const yes: Answer = { action: 'accept', content: {} }
        const client = await person(asked, yes, yes, yes)
        const result = await client.callTool({ name: 'often', arguments: {} })
        assert.deepEqual(asked.map(one => one.message).toSorted(), ['Beside?', 'First?', 'Really?'])
        assert.deepEqual(result.structuredContent, { ended: true })
      })

      test('asks before a node that has to be allowed', async () => {
        const send = { key: 'send', name: 'Send', block: 'core.set', params: { fields: { sent: true } }, askFirst: true }
        await desk.offer('send', chain([], send))
        const asked: Asked[] = []
        const client = await person(asked, { action: 'accept', content: {} }, { action: 'decline' })
        const result = await client.callTool({ name: 'send', arguments: {} })
        assert.match(asked[0]?.message ?? '', /^May “Send” run\?/)
        assert.deepEqual(result.structuredContent, { sent: true })
        const refused = await client.callTool({ name: 'send', arguments: {} })
        assert.equal(refused.isError, true)
      })

      test('takes what somebody else decided meanwhile', async () => {
        const decide = async (): Promise<Answer> => {
          const { items } = await desk.get(`/api/approvals?executionId=${(await last()).id}`)
          await desk.post(`/api/approvals/${items[0].id}`, { decision: 'rejected' })
          return { action: 'accept', content: { amount: 1 } }
        }
        const client = await person([], decide)
        const result = await client.callTool({ name: 'pay', arguments: {} })
        assert.deepEqual(Object(result.structuredContent).refused, {})
      })

      test('does not ask an editor what is asked of somebody else', async () => {
        await join(desk.server, desk.token, `boss-${manner}@example.org`, 'editor')
        const token = await join(desk.server, desk.token, `clerk-${manner}@example.org`, 'editor')
        const { body } = await desk.server.send('/api/keys', { token, body: { name: 'a key' } })
        await desk.offer('boss', asking({ assignees: [`boss-${manner}@example.org`] }))
        const client = await desk.connect(manner, { capabilities: { elicitation: {} } }, body.key)
        client.setRequestHandler('elicitation/create', () => assert.fail('asked'))
        const result = await client.callTool({ name: 'boss', arguments: {} })
        assert.match(wordsOf(result), /waits for a person to decide/)
      })
    })

suite('an answer that is brought by asking again', () => {
  let desk: McpStage
  before(async () => {
    const [sqlite] = databases()
    assert.ok(sqlite)
    desk = await setMcp(await sqlite.place())
    await desk.offer('pay', asking({ fields: FIELDS }))
  })
  after(() => desk.close())

  const META = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
  }
  async function call(more: Record<string, unknown> = {}, key = desk.key) {
    const response = await desk.ask(
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'pay', arguments: {}, _meta: META, ...more } },
      {
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': String(more.name ?? 'pay'),
        authorization: `Bearer ${key}`,
      },
    )
    const data = (await response.text()).split('\n').findLast(line => line.startsWith('data: '))
    return JSON.parse(data?.slice(6) ?? 'null')
  }
  const answersTo = (result: { inputRequests: object }) =>
    Object.fromEntries(Object.keys(result.inputRequests).map(id => [id, { action: 'accept', content: { amount: 3 } }]))

  test('goes on with the same execution, also after a restart of the server', async () => {
    const { result } = await call()
    assert.equal(result.resultType, 'input_required')
    await desk.restart()
    const again = await call({ inputResponses: answersTo(result), requestState: result.requestState })
    assert.equal(again.result.structuredContent.paid.amount, 3)
    assert.equal((await desk.get('/api/executions?trigger=mcp')).items.length, 1)
    await until('it ended', async () => (await desk.get('/api/executions?trigger=mcp')).items[0].status === 'completed')
  })

  test('is refused where its state was changed, or is of somebody else', async () => {
    const { result } = await call()
    const [version, body = '', mac] = result.requestState.split('.')
    const state = JSON.parse(Buffer.from(body, 'base64url').toString())
    state.p.execution = 'exe_other'
    const forged = [version, Buffer.from(JSON.stringify(state)).toString('base64url'), mac].join('.')
    const inputResponses = answersTo(result)
    assert.equal((await call({ inputResponses, requestState: forged })).error.code, -32602)
    const token = await join(desk.server, desk.token, 'other@example.org', 'operator')
    const { body: made } = await desk.server.send('/api/keys', { token, body: { name: 'a key' } })
    assert.equal((await call({ inputResponses, requestState: result.requestState }, made.key)).error.code, -32602)
  })

  test('goes on with the tool that asked, and with no other', async () => {
    const { result } = await call()
    await desk.offer('other', asking())
    const again = await call({ name: 'other', inputResponses: {}, requestState: result.requestState })
    assert.match(again.result.content[0].text, /There is no such execution/)
  })

  test('that is no answer to what is asked changes nothing', async () => {
    const { result } = await call()
    const first = Object.keys(result.inputRequests)[0] ?? ''
    const again = await call({
      inputResponses: { wai_nothing: { action: 'accept', content: {} }, [first]: 'yes' },
      requestState: result.requestState,
    })
    const { items } = await desk.get('/api/executions?trigger=mcp')
    assert.equal(items[0].status, 'paused', JSON.stringify(again))
  })
})
