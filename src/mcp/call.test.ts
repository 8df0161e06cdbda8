import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { chain, MANNERS, type McpStage, setMcp } from './testing.ts'

const GREETING = chain([{ name: 'who', title: 'Who is greeted?', required: true }], {
  key: 'greet',
  block: 'core.set',
  params: { fields: { text: 'Hello {{ trigger.who }}' } },
})

for (const { name, skip, place } of databases())
  for (const manner of MANNERS)
    suite(`tools by the protocol ${manner}, on ${name}`, { skip }, () => {
      let desk: McpStage
      before(async () => {
        desk = await setMcp(await place())
      })
      after(() => desk.close())

      test('a published workflow that is marked is listed with what its form asks for, and can be called', async () => {
        await desk.offer('greet', GREETING, { readOnly: true })
        await desk.publish({ ...GREETING, name: 'not a tool' })
        const client = await desk.connect(manner)
        const { tools } = await client.listTools()
        const greet = tools.find(one => one.name === 'greet')
        assert.deepEqual(
          tools.map(one => one.name).filter(name => !name.startsWith('promptpilot_')),
          ['greet'],
        )
        assert.equal(greet?.annotations?.readOnlyHint, true)
        assert.deepEqual(greet?.inputSchema.required, ['who'])
        const result = await client.callTool({ name: 'greet', arguments: { who: 'Ada' } })
        assert.deepEqual(result.structuredContent, { text: 'Hello Ada' })
        assert.deepEqual(result.content, [{ type: 'text', text: JSON.stringify({ text: 'Hello Ada' }, null, 2) }])
      })
    })
