import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Stage, setStage, until } from '#executions/testing.ts'
import { cameOf, type McpTestServer, officialServer, prepareOn, runOn } from './testing.ts'

let stage: Stage
before(async () => {
  const [kind] = databases()
  assert.ok(kind)
  stage = await setStage(await kind.place(), { RATE_LIMIT: 'off' })
})
after(() => stage.close())

for (const era of ['sessions', 'newest'] as const)
  describe(`a server of the official package (${era})`, () => {
    let server: McpTestServer
    before(async () => {
      server = await officialServer(era)
    })
    after(() => server.close())

    test('a tool is used with what the templates say, and its answer goes on', async () => {
      server.heard.length = 0
      const params = { server: server.url, tool: 'add', arguments: { a: '{{ trigger.n }}', b: 3 } }
      const { status, output, error } = await runOn(stage, 'mcp.call', params, { input: { n: 5 } })
      assert.equal(status, 'completed', JSON.stringify(error))
      const content = [{ type: 'text', text: '5 + 3 = 8' }]
      assert.deepEqual(output, { content, structured: { sum: 8 }, text: '5 + 3 = 8', isError: false })
      assert.ok(server.methods().includes('tools/call'))
      if (era === 'newest') assert.ok(!server.methods().includes('initialize'), server.methods().join())
      else assert.equal(server.methods().at(-1), 'DELETE')
    })

    test('arguments may come as the text of an object, as models write them', async () => {
      const params = { server: server.url, tool: 'add', arguments: '{{ trigger.text }}' }
      const { output } = await runOn(stage, 'mcp.call', params, { input: { text: '{"a":1,"b":1}' } })
      assert.deepEqual(output.structured, { sum: 2 })
    })

    test('pictures and files become files of the workspace', async () => {
      const { output } = await runOn(stage, 'mcp.call', { server: server.url, tool: 'draw' })
      const [text, image, note, dot, link] = output.content
      assert.deepEqual(text, { type: 'text', text: 'A dot:' })
      assert.deepEqual([image.type, image.file.name, image.file.type], ['image', 'image.png', 'image/png'])
      assert.deepEqual(note, { type: 'resource', uri: 'abacus://notes/one.txt', mimeType: 'text/plain', text: 'One bead.' })
      assert.deepEqual([dot.uri, dot.file.name, dot.file.size], ['abacus://notes/dot.png', 'dot.png', image.file.size])
      assert.deepEqual(link, { type: 'link', uri: 'abacus://more', name: 'more' })
      assert.equal(output.text, 'A dot:\nOne bead.')
      const file = await stage.server.send(`${image.file.url}`, { token: stage.token })
      assert.equal(file.status, 200)
      assert.match(file.text, /PNG/)
    })

    test('what a tool calls an error fails the node with its words, unless that is accepted', async () => {
      const failed = await runOn(stage, 'mcp.call', { server: server.url, tool: 'fail' })
      assert.equal(failed.status, 'failed')
      assert.equal(failed.error.code, 'mcp.tool_failed')
      assert.match(failed.error.message, /The tool fail failed\. It says: The abacus has lost a bead\./)
      const accepted = await runOn(stage, 'mcp.call', { server: server.url, tool: 'fail', acceptErrors: true })
      assert.deepEqual(
        [accepted.status, accepted.output.isError, accepted.output.text],
        ['completed', true, 'The abacus has lost a bead.'],
      )
    })

    test('a tool that is not there is answered with those that are; wrong arguments with what is wrong', async () => {
      const missing = await runOn(stage, 'mcp.call', { server: server.url, tool: 'divide' })
      assert.match(missing.error.message, /has no tool divide\. It has: add, fail, draw, count, wait\./)
      assert.equal(missing.error.code, 'mcp.no_tool')
      const wrong = await runOn(stage, 'mcp.call', { server: server.url, tool: 'add', arguments: { a: 'x' } })
      assert.equal(wrong.status, 'failed')
      assert.match(wrong.error.message, /add/)
    })

    test('what a server offers is listed: tools with their schemas, resources, prompts', async () => {
      const { output } = await runOn(stage, 'mcp.tools', { server: server.url, resources: true, prompts: true })
      const { name, version, instructions, protocol } = output.server
      assert.deepEqual([name, version, instructions], ['abacus', '2.1.0', 'Count with me.'])
      assert.equal(protocol, era === 'newest' ? '2026-07-28' : '2025-11-25')
      const [add] = output.tools
      assert.deepEqual(
        [add.name, add.title, add.description, add.annotations],
        ['add', 'Add', 'Adds two numbers.', { readOnlyHint: true }],
      )
      assert.deepEqual(add.input.required, ['a', 'b'])
      assert.deepEqual(Object.keys(add.output.properties), ['sum'])
      assert.equal(output.tools.length, 5)
      assert.deepEqual(output.resources, [
        { uri: 'abacus://rules', name: 'rules', description: 'How it is used.', mimeType: 'text/plain' },
      ])
      assert.deepEqual(output.prompts, [
        { name: 'explain', description: 'Explains a sum.', arguments: [{ name: 'sum', description: '', required: true }] },
      ])
      const plain = await runOn(stage, 'mcp.tools', { server: server.url })
      assert.deepEqual(Object.keys(plain.output), ['server', 'tools'])
    })

    test('a resource is read; one that is not there is named', async () => {
      const { output } = await runOn(stage, 'mcp.read', { server: server.url, uri: 'abacus://rules' })
      assert.equal(output.text, 'Move one bead at a time.')
      assert.deepEqual([output.content[1].type, output.content[1].file.type], ['resource', 'image/png'])
      const missing = await runOn(stage, 'mcp.read', { server: server.url, uri: 'abacus://none' })
      assert.deepEqual([missing.status, missing.error.code], ['failed', 'mcp.refused'])
      assert.match(missing.error.message, /abacus:\/\/none/)
    })

    test('a prompt is written by the server', async () => {
      const { output } = await runOn(stage, 'mcp.prompt', { server: server.url, name: 'explain', arguments: { sum: '1 + 1' } })
      assert.deepEqual(output.messages, [{ role: 'user', content: { type: 'text', text: 'Explain 1 + 1.' } }])
      assert.deepEqual([output.description, output.text], ['A question.', 'Explain 1 + 1.'])
    })

    test('what it tells while it works stands in the log of the node', async () => {
      const { lines, output } = await runOn(stage, 'mcp.call', { server: server.url, tool: 'count' })
      assert.equal(output.text, 'two')
      assert.deepEqual(lines, ['info of counter: I begin.', '1 of 2: one'])
    })

    test('a tool that takes too long is given up, and the server is told', async () => {
      server.givenUp.length = 0
      const { error } = await runOn(stage, 'mcp.call', { server: server.url, tool: 'wait', timeout: 300 })
      assert.equal(error.code, 'mcp.timeout')
      assert.match(error.message, /did not answer within 0\.3 seconds/)
      await until('the server gives up', () => server.givenUp.length === 1)
    })

    test('when the execution is cancelled the server is told, and the session ends', async () => {
      server.givenUp.length = 0
      server.heard.length = 0
      const id = await prepareOn(stage, 'mcp.call', { server: server.url, tool: 'wait' })
      const execution = await stage.start(id)
      await until('it waits', () => server.methods().includes('tools/call'))
      await stage.post(`/api/executions/${execution}/cancel`)
      const it = await cameOf(stage, await stage.until(execution, 'cancelled'))
      assert.equal(it.status, 'cancelled')
      await until('the server gives up', () => server.givenUp.length === 1)
      if (era === 'sessions') await until('the session ends', () => server.methods().includes('DELETE'))
    })
  })
