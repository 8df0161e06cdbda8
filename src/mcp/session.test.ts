import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Client } from '@modelcontextprotocol/client'
import { databases } from '#db/testing.ts'
import { type Gate, startGate, until } from '#executions/testing.ts'
import { chain, MANNERS, type McpStage, setMcp, wordsOf } from './testing.ts'

const set = (key: string) => ({ key, block: 'core.set', params: { fields: { at: key } } })
const LIST = { jsonrpc: '2.0', id: 2, method: 'tools/list' }
const hello = (protocolVersion: string) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion, capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
})

for (const { name, skip, place } of databases().slice(0, 1))
  suite(`sessions, on ${name}`, { skip }, () => {
    let desk: McpStage
    let gate: Gate
    let now = Date.now()
    before(async () => {
      desk = await setMcp(await place(), {}, { clock: { now: () => now } })
      gate = await startGate()
    })
    after(async () => {
      gate.open()
      await desk.close()
      await gate.close()
    })
    const begin = async (version = '2025-11-25', key = desk.key) =>
      (await desk.ask(hello(version), { authorization: `Bearer ${key}` })).headers.get('mcp-session-id') ?? ''
    const inSession = (session: string, message: unknown, more: Record<string, string> = {}) =>
      desk.ask(message, { 'mcp-session-id': session, ...more })
    const read = async (got: Response) => {
      const words = await got.text()
      return JSON.parse(
        words
          .split('\n')
          .findLast(line => line.startsWith('data: {'))
          ?.slice(6) ?? words,
      )
    }
    const count = async () => Number(/^mcp_sessions (\d+)$/m.exec((await desk.server.send('/metrics')).text)?.[1])

    test('the newest protocol that both know is agreed on', async () => {
      for (const [asked, agreed] of [
        ['2025-11-25', '2025-11-25'],
        ['2025-06-18', '2025-06-18'],
        ['2025-03-26', '2025-03-26'],
        ['1999-01-01', '2025-11-25'],
      ])
        assert.equal((await read(await desk.ask(hello(asked ?? '')))).result.protocolVersion, agreed)
    })

    test('a simple question needs no session', async () => {
      const { result } = await read(await desk.ask(LIST))
      assert.equal(result.tools[0].name, 'promptpilot_list_workflows')
      const got = await fetch(desk.url, { headers: { 'x-api-key': desk.key, accept: 'text/event-stream' } })
      assert.equal(got.status, 405)
    })

    test('a session belongs to the key that began it, and ends when it is told so', async () => {
      const session = await begin()
      assert.equal((await inSession(session, LIST)).status, 200)
      const other = await desk.keyOf('owner')
      const strange = await inSession(session, LIST, { authorization: `Bearer ${other}` })
      assert.deepEqual([strange.status, (await read(strange)).error.code], [404, -32001])
      assert.equal((await inSession('nothing', LIST)).status, 404)
      const bye = await fetch(desk.url, { method: 'DELETE', headers: { 'x-api-key': desk.key, 'mcp-session-id': session } })
      assert.equal(bye.status, 200)
      assert.equal((await inSession(session, LIST)).status, 404)
    })

    test('a session that nobody uses makes room for the next of its key', async () => {
      const key = await desk.keyOf('owner')
      const authorization = { authorization: `Bearer ${key}` }
      const first = await begin('2025-11-25', key)
      now += 1
      for (let more = 0; more < 50; more += 1) await begin('2025-11-25', key)
      assert.equal((await inSession(first, LIST, authorization)).status, 404)
    })

    test('a first question that is refused leaves nothing behind', async () => {
      const before = await count()
      const got = await desk.ask(hello('2025-11-25'), { accept: 'text/html' })
      assert.equal(got.status, 406)
      assert.equal(await count(), before)
    })

    test('several messages in one body are refused, but by the protocol that has them', async () => {
      const both = [LIST, { ...LIST, id: 3 }]
      for (const got of [await desk.ask(both), await inSession(await begin(), both)])
        assert.deepEqual([got.status, (await read(got)).error.code], [400, -32600])
      const old = await inSession(await begin('2025-03-26'), both)
      assert.equal((await old.text()).split('\n').filter(line => line.startsWith('data: {')).length, 2)
    })

    test('what is no message is an error of the protocol', async () => {
      for (const body of ['{', '{"a":1,"a":2}', 'null', '[]', '{"jsonrpc":"1.0"}', '"x"']) {
        const got = await desk.ask(body)
        assert.equal(got.status, 400, body)
        assert.ok((await read(got)).error.code <= -32600, body)
      }
      const unknown = await read(await inSession(await begin(), { jsonrpc: '2.0', id: 9, method: 'nothing/here' }))
      assert.equal(unknown.error.code, -32601)
      const version = await inSession(await begin(), LIST, { 'mcp-protocol-version': '1999-01-01' })
      assert.equal(version.status, 400)
    })

    test('a session that is ended leaves what it started running', async () => {
      const id = await desk.offer(
        'ended',
        chain([], { key: 'fetch', block: 'http.request', params: { url: `${gate.url}/held` } }),
      )
      const session = await begin()
      gate.shut()
      const calls = gate.count('/held')
      await inSession(session, { jsonrpc: '2.0', id: 5, method: 'tools/call', params: { name: 'ended', arguments: {} } })
      await until('the node runs', () => gate.count('/held') > calls)
      await fetch(desk.url, { method: 'DELETE', headers: { 'x-api-key': desk.key, 'mcp-session-id': session } })
      gate.open()
      const { items } = await desk.get(`/api/executions?workflowId=${id}`)
      await desk.until(items[0].id, 'completed')
    })

    test('what was said while a connection was broken is said again', async () => {
      await desk.offer('held', chain([], { key: 'fetch', block: 'http.request', params: { url: `${gate.url}/held` } }))
      const session = await begin()
      gate.shut()
      const leash = new AbortController()
      const calls = gate.count('/held')
      const call = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'held', arguments: {} } }
      const headers = {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'x-api-key': desk.key,
        'mcp-session-id': session,
        'mcp-protocol-version': '2025-11-25',
      }
      const got = await fetch(desk.url, { method: 'POST', headers, body: JSON.stringify(call), signal: leash.signal })
      const chunk = await got.body?.getReader().read()
      const last = /^id: (\S+)$/m.exec(Buffer.from(chunk?.value ?? []).toString())?.[1] ?? ''
      assert.notEqual(last, '')
      await until('the node runs', () => gate.count('/held') > calls)
      leash.abort()
      gate.open()
      const again = await fetch(desk.url, { headers: { ...headers, 'last-event-id': last } })
      const said = again.body?.getReader()
      let words = ''
      for (; !words.includes('"id":7'); words += Buffer.from((await said?.read())?.value ?? []).toString());
      assert.match(words, /"status":200/)
      await said?.cancel()
    })
  })

for (const manner of MANNERS)
  suite(`news by the protocol ${manner}`, () => {
    let desk: McpStage
    let client: Client
    const heard: string[] = []
    const updated: string[] = []
    before(async () => {
      const [sqlite] = databases()
      assert.ok(sqlite)
      desk = await setMcp(await sqlite.place())
      client = await desk.connect(manner, {
        listChanged: {
          tools: {
            autoRefresh: true,
            debounceMs: 0,
            onChanged: (_error, tools) => void heard.push((tools ?? []).map(one => one.name).join(' ')),
          },
        },
      })
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => void updated.push(params.uri))
    })
    after(() => desk.close())
    const has = (word: string) => heard.at(-1)?.split(' ').includes(word) ?? false

    test('a tool that comes, goes or changes is told of', async () => {
      await until('the client listens', async () => {
        const id = await desk.offer(`early_${heard.length}_${process.hrtime.bigint()}`, chain([], set('one')))
        await desk.server.send(`/api/workflows/${id}/archive`, { token: desk.token, body: {} })
        return heard.length > 0
      })
      const id = await desk.offer('fresh', chain([], set('one')))
      await until('it is there', () => has('fresh'))
      await desk.post(`/api/workflows/${id}/deactivate`)
      await until('it is gone', () => !has('fresh'))
      await desk.post(`/api/workflows/${id}/activate`)
      await until('it is there again', () => has('fresh'))
      await desk.post(`/api/workflows/${id}/archive`)
      await until('it is gone for good', () => !has('fresh'))
      await assert.rejects(client.callTool({ name: 'fresh', arguments: {} }), /There is no tool/)
    })

    test('an execution that moves is told of to whoever asked', async () => {
      const gate = await startGate()
      gate.shut()
      try {
        const id = await desk.start(
          await desk.publish(chain([], { key: 'fetch', block: 'http.request', params: { url: `${gate.url}/held` } })),
        )
        const uri = `promptpilot://executions/${id}`
        if (manner === 'legacy') await client.subscribeResource({ uri })
        else await client.listen({ resourceSubscriptions: [uri] })
        gate.open()
        await until('it was told of', () => updated.includes(uri))
        if (manner === 'legacy') {
          await client.unsubscribeResource({ uri })
          await assert.rejects(client.subscribeResource({ uri: 'promptpilot://executions/exe_nothing' }), /not found/i)
        }
      } finally {
        gate.open()
        await gate.close()
      }
    })

    test('a server that stops lets nobody wait, and what runs goes on after it', async () => {
      const gate = await startGate()
      try {
        await desk.offer('survives', chain([], { key: 'fetch', block: 'http.request', params: { url: `${gate.url}/held` } }))
        gate.shut()
        const going = client.callTool({ name: 'survives', arguments: {} })
        await until('the node runs', () => gate.count('/held') > 0)
        await desk.restart(async () => {
          const stopped = desk.server.stop()
          assert.match(wordsOf(await going), /has not ended yet/)
          gate.open()
          await stopped
        })
        const { items } = await desk.get('/api/executions?trigger=mcp')
        await desk.until(items[0].id, 'completed')
      } finally {
        gate.open()
        await gate.close()
      }
    })
  })
