import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { sql } from 'kysely'
import { databases } from '#db/testing.ts'
import { documentOf } from '#executions/testing.ts'
import { chain, type McpStage, setMcp, wordsOf } from './testing.ts'

const WORK = chain([], { key: 'one', block: 'core.set', params: { fields: { a: 1 } } })

for (const { name, skip, place } of databases())
  suite(`what tools are called, on ${name}`, { skip }, () => {
    let desk: McpStage
    before(async () => {
      desk = await setMcp(await place())
    })
    after(() => desk.close())

    const draw = (called: string, tool: unknown, drawing: Record<string, unknown> = WORK) =>
      desk.post('/api/workflows', {
        ...documentOf({ ...WORK, ...drawing }),
        name: called,
        description: 'Does it.',
        settings: { tool },
      })
    const publish = (id: string, status?: number) => desk.post(`/api/workflows/${id}/publish`, {}, status)
    const change = async (id: string, tool?: unknown) => {
      const it = await desk.get(`/api/workflows/${id}`)
      const { tool: _tool, ...settings } = it.settings
      const body = { ...it, settings: tool ? { ...settings, tool } : settings }
      const { status, text } = await desk.server.send(`/api/workflows/${id}`, { token: desk.token, method: 'PUT', body })
      assert.equal(status, 200, text)
    }
    const listed = async () => {
      const got = await desk.ask({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
      const data = (await got.text()).split('\n').find(line => line.startsWith('data: '))
      const { tools } = JSON.parse(data?.slice(6) ?? '{}').result
      return tools.map((one: { name: string }) => one.name).filter((one: string) => !one.startsWith('promptpilot_'))
    }

    test('a name is made of that of the workflow where none is written', async () => {
      const { id } = await draw('Größe & Prices: look up!', {})
      assert.deepEqual((await publish(id)).problems, [])
      assert.deepEqual(await listed(), ['gro_e_prices_look_up'])
      await desk.post(`/api/workflows/${id}/archive`)
    })

    test('names that clients do not take are refused at publishing, and a draft may hold them', async () => {
      for (const tool of ['', 'with space', 'x'.repeat(49), 'dots.are.out', 'promptpilot_mine', 'ünsafe']) {
        const { id } = await draw('x', { name: tool })
        const { details } = await publish(id, 422)
        assert.equal(details[0].path, 'settings.tool.name', tool)
      }
      const { id } = await draw('日本語', {})
      assert.match((await publish(id, 422)).details[0].message, /A tool needs a name/)
    })

    test('two workflows are not tools of one name, by whichever way they go live', async () => {
      const first = await draw('first', { name: 'same' })
      await publish(first.id)
      const second = await draw('second', { name: 'same' })
      assert.match((await publish(second.id, 422)).error, /The tool “first” is called “same” already/)
      await desk.post(`/api/workflows/${first.id}/archive`)
      await publish(second.id)
      assert.match((await desk.post(`/api/workflows/${first.id}/unarchive`, {}, 422)).error, /a tool of the same name/)
      await change(second.id, { name: 'other' })
      await publish(second.id)
      await desk.post(`/api/workflows/${first.id}/unarchive`)
      const back = await desk.post(`/api/workflows/${second.id}/versions/1/publish`, {}, 422)
      assert.match(back.error, /a tool of the same name/)
      assert.equal((await desk.get(`/api/workflows/${second.id}`)).live, 2)
    })

    test('a tool is started by hand or over the API, and takes an object', async () => {
      const hook = { nodes: [{ key: 'hook', block: 'webhook.receive' }, ...WORK.nodes.slice(1)], edges: ['hook -> one'] }
      const { id } = await draw('hooked', {}, hook)
      assert.match((await publish(id, 422)).error, /started by hand or over the API/)
      const call = (schema: unknown) => ({ key: 'call', block: 'api.call', params: { schema } })
      const list = { nodes: [call({ type: 'array' }), ...WORK.nodes.slice(1)], edges: ['call -> one'] }
      const other = await draw('listed', {}, list)
      assert.match((await publish(other.id, 422)).error, /must have the type “object”/)
    })

    test('a workflow that is no tool any more is none, and what says nothing of itself is warned of', async () => {
      const id = await desk.publish({ ...WORK, name: 'silent', settings: { tool: {} } })
      const { problems } = await publish(id)
      assert.deepEqual(
        problems.map((one: { code: string; severity: string }) => [one.code, one.severity]),
        [['tool.no_description', 'warning']],
      )
      assert.ok((await listed()).includes('silent'))
      await change(id)
      assert.ok((await listed()).includes('silent'), 'the live version counts')
      await publish(id)
      assert.ok(!(await listed()).includes('silent'))
    })

    test('one that cannot be read any more does not hide the others', async () => {
      await desk.offer('sound', WORK)
      await desk.offer('unsound', WORK)
      const { db } = desk.server.world
      const row = await db
        .selectFrom('workflows')
        .select(['id', 'workspace_id'])
        .where('tool', '=', 'unsound')
        .executeTakeFirstOrThrow()
      await db
        .updateTable('workflow_versions')
        .set(it => ({ document: sql`replace(${it.ref('document')}, 'manual.start', 'manual.gone')` }))
        .where('workflow_id', '=', row.id)
        .execute()
      assert.ok((await listed()).includes('sound'))
      assert.ok(!(await listed()).includes('unsound'))
      const client = await desk.connect('2026-07-28')
      const result = await client.callTool({ name: 'unsound', arguments: {} })
      assert.match(wordsOf(result), /no trigger to start at/)
    })

    test('a chat is told a message, a form its answers', async () => {
      const start = (params: Record<string, unknown>) => ({
        nodes: [
          { key: 'start', block: 'manual.start', params },
          { key: 'out', block: 'core.respond', params: { body: '{{ trigger }}' } },
        ],
        edges: ['start -> out'],
      })
      await desk.offer('talk', start({ share: { as: 'chat' } }))
      const fields = [
        { name: 'color', type: 'choice', options: ['red', 'blue'], required: true, default: 'red' },
        { name: 'tags', type: 'multichoice', options: ['a', 'b'] },
        { name: 'agree', type: 'boolean', required: true },
        { name: 'when', type: 'date', placeholder: '2026-05-01' },
        { name: 'paper', type: 'file', help: 'The letter.' },
      ]
      await desk.offer('fill', start({ fields }))
      const client = await desk.connect('2026-07-28')
      const { tools } = await client.listTools()
      const schema = (of: string) => Object(tools.find(one => one.name === of)?.inputSchema)
      assert.deepEqual(schema('talk').required, ['message'])
      assert.deepEqual(schema('fill').required, ['agree'])
      const { color, tags, agree, when, paper } = schema('fill').properties
      assert.deepEqual(color, { enum: ['red', 'blue'], type: 'string', default: 'red' })
      assert.deepEqual(tags, { type: 'array', items: { enum: ['a', 'b'], type: 'string' }, uniqueItems: true })
      assert.deepEqual(agree, { const: true, type: 'boolean' })
      assert.deepEqual(when, { type: 'string', format: 'date', description: 'Example: 2026-05-01' })
      assert.equal(paper.description, 'The letter. A file of this workspace, by its `id`.')
      const told = await client.callTool({ name: 'talk', arguments: { message: 'Hello', conversation: 'c1' } })
      assert.deepEqual(told.structuredContent, { message: 'Hello', conversation: 'c1', files: [], history: [] })
      const filled = await client.callTool({ name: 'fill', arguments: { agree: true } })
      assert.equal(Object(filled.structuredContent).color, 'red')
      const wrong = await client.callTool({ name: 'talk', arguments: {} })
      assert.match(wordsOf(wrong), /arguments\.message/)
    })
  })
