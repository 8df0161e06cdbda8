import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Client } from '@modelcontextprotocol/client'
import { databases } from '#db/testing.ts'
import { type Gate, startGate, until } from '#executions/testing.ts'
import { chain, MANNERS, type McpStage, setMcp, wordsOf } from './testing.ts'

const GREETING = chain([{ name: 'who', title: 'Who is greeted?', help: 'A name.', required: true }], {
  key: 'greet',
  block: 'core.set',
  params: { fields: { text: 'Hello {{ trigger.who }}' } },
})
const set = (key: string) => ({ key, block: 'core.set', params: { fields: { at: key } } })

for (const { name, skip, place } of databases())
  for (const manner of MANNERS)
    suite(`a tool called by the protocol ${manner}, on ${name}`, { skip }, () => {
      let desk: McpStage
      let client: Client
      let gate: Gate
      before(async () => {
        desk = await setMcp(await place())
        gate = await startGate()
        client = await desk.connect(manner)
        await desk.offer('greet', GREETING, { readOnly: true, destructive: false })
      })
      after(async () => {
        gate.open()
        await desk.close()
        await gate.close()
      })
      const held = () => ({ key: 'fetch', block: 'http.request', params: { url: `${gate.url}/held` } })
      const lastOf = async (id: string) => (await desk.get(`/api/executions?workflowId=${id}`)).items[0]

      test('is a published workflow that is marked, with what its form asks for', async () => {
        await desk.publish({ ...GREETING, name: 'not a tool' })
        const { tools } = await client.listTools()
        const greet = tools.find(one => one.name === 'greet')
        assert.deepEqual(
          tools.map(one => one.name),
          ['promptpilot_list_workflows', 'promptpilot_get_execution', 'promptpilot_cancel_execution', 'greet'],
        )
        assert.deepEqual(greet?.annotations, { title: 'greet', readOnlyHint: true, destructiveHint: false })
        assert.equal(greet?.description, 'Does greet.')
        assert.deepEqual(greet?.inputSchema, {
          type: 'object',
          properties: {
            who: { type: 'string', maxLength: 1000, pattern: '\\S', title: 'Who is greeted?', description: 'A name.' },
          },
          required: ['who'],
        })
      })

      test('runs the workflow and answers with its output, as a value and as text', async () => {
        const result = await client.callTool({ name: 'greet', arguments: { who: 'Ada' } })
        assert.deepEqual(result.structuredContent, { text: 'Hello Ada' })
        assert.deepEqual(result.content, [{ type: 'text', text: JSON.stringify({ text: 'Hello Ada' }, null, 2) }])
        const about = result._meta?.['promptpilot/execution']
        const { items } = await desk.get('/api/executions?trigger=mcp')
        assert.match(items[0].keyId, /^key_/, 'it belongs to the key that was used')
        assert.deepEqual(about, { id: items[0].id, status: 'completed', url: `${desk.server.url}/execution/${items[0].id}` })
      })

      test('says which argument does not fit, and starts nothing', async () => {
        const before = (await desk.get('/api/executions')).items.length
        const result = await client.callTool({ name: 'greet', arguments: {} })
        assert.equal(result.isError, true)
        assert.match(wordsOf(result), /arguments\.who: “Who is greeted\?” must be given\.\n[\s\S]*execution\.bad_input/)
        assert.equal((await desk.get('/api/executions')).items.length, before)
      })

      test('that nobody offers is an error of the protocol', async () => {
        await assert.rejects(client.callTool({ name: 'nothing', arguments: {} }), /There is no tool “nothing” here/)
      })

      test('that fails says where and why, and names the execution', async () => {
        const stop = { key: 'stop', block: 'core.stop', params: { outcome: 'failed', message: 'The shop is closed.' } }
        const id = await desk.offer('fails', chain([], stop))
        const result = await client.callTool({ name: 'fails', arguments: {} })
        const execution = await lastOf(id)
        assert.equal(result.isError, true)
        assert.match(wordsOf(result), /^The workflow failed.*: The shop is closed\./)
        assert.ok(wordsOf(result).includes(`${desk.server.url}/execution/${execution.id}`))
        assert.equal(Object(result.structuredContent).executionId, execution.id)
      })

      test('tells of every node that is done, always of more, to whoever asked for it', async () => {
        await desk.offer('steps', chain([], set('one'), set('two'), set('three')))
        const heard: { progress: number; total?: number | undefined; message?: string | undefined }[] = []
        await client.callTool({ name: 'steps', arguments: {} }, { onprogress: one => void heard.push(one) })
        assert.deepEqual(
          heard.map(one => one.message),
          ['The workflow has started.', '“one” is done.', '“two” is done.', '“three” is done.', 'The workflow has ended.'],
        )
        assert.deepEqual(
          heard.map(one => one.progress),
          [0, 1, 2, 3, 4],
        )
        assert.deepEqual(new Set(heard.map(one => one.total)), new Set([4]))
      })

      test('that takes too long says that it goes on, and what came of it is asked for later', async () => {
        await desk.offer('slow', chain([], held()), { wait: 0 })
        gate.shut()
        const result = await client.callTool({ name: 'slow', arguments: {} })
        assert.ok(!result.isError)
        assert.match(wordsOf(result), /has not ended yet[\s\S]*promptpilot_get_execution/)
        const { executionId } = Object(result.structuredContent)
        const ask = (wait: number) => client.callTool({ name: 'promptpilot_get_execution', arguments: { executionId, wait } })
        assert.match(wordsOf(await ask(0)), /has not ended yet/)
        const later = ask(50)
        gate.open()
        assert.equal(Object((await later).structuredContent).status, 200)
      })

      test('that is cancelled by its caller cancels the execution', async () => {
        const id = await desk.offer('cancelled', chain([], held()))
        gate.shut()
        const leash = new AbortController()
        const going = client.callTool({ name: 'cancelled', arguments: {} }, { signal: leash.signal })
        const calls = gate.count('/held')
        await until('the node runs', () => gate.count('/held') > calls)
        leash.abort('enough')
        await assert.rejects(going)
        await until('it is cancelled', async () => (await lastOf(id)).status === 'cancelled')
        gate.open()
      })

      test('is left running by a caller that is gone, unless going is how the protocol cancels', async () => {
        const id = await desk.offer('left', chain([], held()))
        gate.shut()
        const other = await desk.connect(manner)
        const going = other.callTool({ name: 'left', arguments: {} })
        const calls = gate.count('/held')
        await until('the node runs', () => gate.count('/held') > calls)
        await Promise.all([other.close(), assert.rejects(going)])
        if (manner === 'legacy') {
          gate.open()
          await until('it ended', async () => (await lastOf(id)).status === 'completed')
        } else await until('it is cancelled', async () => (await lastOf(id)).status === 'cancelled')
        gate.open()
      })

      test('can be stopped by its id', async () => {
        await desk.offer('stopped', chain([], held()), { wait: 0 })
        gate.shut()
        const { executionId } = Object((await client.callTool({ name: 'stopped', arguments: {} })).structuredContent)
        const stop = await client.callTool({ name: 'promptpilot_cancel_execution', arguments: { executionId } })
        assert.deepEqual(stop.structuredContent, { executionId, status: 'cancelled' })
        const after = await client.callTool({ name: 'promptpilot_get_execution', arguments: { executionId } })
        assert.equal(after.isError, true)
        assert.match(wordsOf(after), /was cancelled/)
        gate.open()
      })

      test('is not run by a key that may only look', async () => {
        const viewer = await desk.connect(manner, {}, await desk.keyOf('viewer'))
        const { tools } = await viewer.listTools()
        assert.deepEqual(
          tools.map(one => one.name),
          ['promptpilot_list_workflows', 'promptpilot_get_execution'],
        )
        const result = await viewer.callTool({ name: 'greet', arguments: { who: 'Ada' } })
        assert.equal(result.isError, true)
        assert.match(wordsOf(result), /role of this key is viewer; running a workflow needs operator/)
      })

      test('of our own lists what may be called, and says what is wrong with its arguments', async () => {
        const listed = await client.callTool({ name: 'promptpilot_list_workflows', arguments: {} })
        const items: { tool: string }[] = Object(listed.structuredContent).items
        assert.ok(items.some(one => one.tool === 'greet'))
        const wrong = await client.callTool({ name: 'promptpilot_get_execution', arguments: { executionId: 5 } })
        assert.match(wordsOf(wrong), /arguments\.executionId/)
        const unknown = await client.callTool({ name: 'promptpilot_get_execution', arguments: { executionId: 'exe_nothing' } })
        assert.equal(unknown.isError, true)
        assert.match(wordsOf(unknown), /There is no such execution/)
      })
    })
