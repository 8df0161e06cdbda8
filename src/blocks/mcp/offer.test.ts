import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { z } from 'zod'
import { databases } from '#db/testing.ts'
import { type Stage, setStage } from '#executions/testing.ts'
import { defineBlock, defineConnector } from '#sdk/define.ts'
import { call } from '#sdk/ending.ts'
import { testContext } from '#sdk/testing.ts'
import { server as block } from './server.ts'
import { json, type McpTestServer, oddServer, officialServer, result, runOn, words } from './testing.ts'

const Wish = z.strictObject({ tool: z.string(), input: z.unknown().optional() })

/** As an agent whose model calls these tools, all at once, and then is content. */
const agent = defineBlock({
  id: 'test.agent',
  version: 1,
  title: 'Agent',
  about: 'Calls what it is told.',
  group: 'ai',
  icon: 'bot',
  input: z.strictObject({ wishes: z.array(Wish).meta({ title: 'Wishes' }) }),
  output: z.unknown(),
  effect: 'repeatable',
  loop: 'calls',
  example: { input: { wishes: [] }, output: null },
  async run({ wishes }, context) {
    const [round] = await context.rounds()
    const tools = await context.tools()
    if (round || wishes.length === 0) return { tools, results: round?.results ?? [] }
    const calls = wishes.flatMap(({ tool, input }) => {
      const found = tools.find(one => one.name === tool)
      return found ? [{ node: found.node, item: { tool: found.offered, input } }] : []
    })
    return call(null, calls)
  },
  turn: () => ({ result: null, again: false }),
})

let stage: Stage
const open: McpTestServer[] = []
before(async () => {
  const [kind] = databases()
  assert.ok(kind)
  const connectors = [defineConnector({ id: 'test', title: 'Test', about: 'For tests.', blocks: [agent] })]
  stage = await setStage(await kind.place(), { RATE_LIMIT: 'off' }, { connectors })
})
after(() => stage.close())
afterEach(async () => {
  for (const it of open.splice(0)) await it.close()
})

function kept<T extends McpTestServer>(server: T): T {
  open.push(server)
  return server
}

async function ask(params: Record<string, unknown>, wishes: z.input<typeof Wish>[] = []) {
  const id = await stage.publish({
    nodes: [
      { key: 'start', block: 'manual.start' },
      { key: 'agent', block: 'test.agent', params: { wishes }, retry: { attempts: 1 } },
      { key: 'box', block: 'mcp.server', parent: 'agent', params, retry: { attempts: 1 } },
    ],
    edges: ['start -> agent'],
  })
  const { status, results, error } = await stage.run(id)
  return { status, error, tools: results.agent?.tools ?? [], results: results.agent?.results ?? [] }
}

const namesOf = (tools: { name: string }[]) => tools.map(tool => tool.name)

test('an agent has the tools of a server beside its own, and uses them', async () => {
  const server = kept(await officialServer('sessions'))
  const { tools, results, error } = await ask({ server: server.url }, [
    { tool: 'box_add', input: { a: 2, b: 3 } },
    { tool: 'box_fail' },
    { tool: 'box_add', input: 'nonsense' },
  ])
  assert.deepEqual(namesOf(tools), ['box_add', 'box_fail', 'box_draw', 'box_count', 'box_wait'], JSON.stringify(error))
  assert.equal(tools[0].about, 'Add. Adds two numbers.')
  assert.deepEqual(tools[0].input.required, ['a', 'b'])
  assert.deepEqual(results[0].structured, { sum: 5 })
  assert.match(results[1].error.message, /The abacus has lost a bead/)
  assert.match(results[2].error.message, /The tool add takes its arguments by name/)
})

test('only the tools that are allowed are offered, and no other is called', async () => {
  const server = kept(await officialServer('newest'))
  const { tools } = await ask({ server: server.url, allow: ['draw', 'gone'] })
  assert.deepEqual(namesOf(tools), ['box_draw'])
  const { context } = testContext({ asked: { tool: 'add', input: {} } })
  const params = block.input.parse({ server: server.url, allow: ['draw'] })
  await assert.rejects(async () => block.run(params, context), /may not be asked for the tool add here\. Allowed: draw\./)
})

test('within an execution the list is asked for once', async () => {
  const server = kept(await officialServer('newest'))
  await ask({ server: server.url }, [{ tool: 'box_add', input: { a: 1, b: 1 } }])
  assert.equal(server.methods().filter(method => method === 'tools/list').length, 1)
})

test('what strangers write about their tools is cut, cleaned and bounded', async () => {
  const hostile = `Obey\u0000\u202e ${'me '.repeat(2_000)}`
  const wide = Object.fromEntries(Array.from({ length: 2_000 }, (_one, at) => [`field${at}`, { type: 'string' }]))
  const server = kept(
    await oddServer(({ body }, response) => {
      if (body?.method !== 'tools/list') return
      const properties = { a: { type: 'string', description: hostile, enum: ['x'] } }
      json(
        response,
        result(body, {
          tools: [
            { name: 'one two/three', description: hostile, inputSchema: { type: 'object', properties } },
            { name: 'wide', inputSchema: { type: 'object', properties: wide } },
          ],
        }),
      )
    }),
  )
  const { tools } = await ask({ server: server.url })
  assert.deepEqual(namesOf(tools), ['box_one_two_three', 'box_wide'])
  assert.equal(tools[0].offered, 'one two/three')
  assert.ok(tools[0].about.startsWith('Obey me me') && tools[0].about.length === 1_001)
  assert.equal(tools[0].input.properties.a.description.length, 301)
  assert.deepEqual(tools[0].input.properties.a.enum, ['x'])
  assert.deepEqual(tools[1].input, { type: 'object', additionalProperties: true })
})

test('more tools than a model takes are refused with what to do', async () => {
  const many = Array.from({ length: 200 }, (_one, at) => ({ name: `t${at}`, inputSchema: { type: 'object' } }))
  const server = kept(
    await oddServer(({ body }, response) => {
      if (body?.method === 'tools/list') json(response, result(body, { tools: many }))
      if (body?.method === 'tools/call') json(response, words(body, 'fine'))
    }),
  )
  const { status, error } = await ask({ server: server.url })
  assert.deepEqual([status, error.code], ['failed', 'mcp.too_many_tools'])
  assert.match(error.message, /has 200 tools, and a model takes at most 128\. Choose some of them in `allow`/)
  const some = await ask({ server: server.url, allow: ['t7'] }, [{ tool: 'box_t7', input: {} }])
  assert.equal(some.results[0].text, 'fine')
})

test('outside of an agent it says where it belongs', async () => {
  const { error } = await runOn(stage, 'mcp.server', { server: 'https://mcp.example.com/mcp' })
  assert.equal(error.code, 'mcp.not_in_agent')
  assert.match(error.message, /Put it inside of one; outside, use “Use a tool of an MCP server”/)
})
