import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Client } from '@modelcontextprotocol/client'
import { databases } from '#db/testing.ts'
import { join, register } from '#testing.ts'
import { type Service, startFiles } from './samples.ts'
import { chain, MANNERS, type McpStage, setMcp, wordsOf } from './testing.ts'

for (const { name, skip, place } of databases().slice(0, 1))
  for (const manner of MANNERS)
    suite(`files and outputs by the protocol ${manner}, on ${name}`, { skip }, () => {
      let desk: McpStage
      let client: Client
      let service: Service
      before(async () => {
        desk = await setMcp(await place(), { OPEN_SIGNUP: 'true', FILE_MAX_BYTES: '20000000' })
        service = await startFiles()
        client = await desk.connect(manner)
      })
      after(async () => {
        await desk.close()
        await service.close()
      })
      const upload = async (called: string, bytes: string | Uint8Array<ArrayBuffer>) => {
        const form = new FormData()
        form.set('file', new Blob([bytes]), called)
        return (await desk.server.send('/api/files', { body: form, token: desk.token })).body
      }
      const code = (words: string) => ({ key: 'make', block: 'core.code', params: { code: words } })

      test('the files of the workspace are listed in pages, and read as text or as bytes', async () => {
        const names: string[] = []
        for (let at = 0; at < 103; at += 1) names.push((await upload(`${at}.txt`, `file ${at}`)).id)
        const picture = await upload('red.png', service.picture)
        const resources = await pages(client)
        assert.equal(resources.length, 104)
        assert.deepEqual(resources[0], {
          uri: `promptpilot://files/${picture.id}`,
          name: 'red.png',
          mimeType: 'image/png',
          size: service.picture.length,
        })
        const read = await client.readResource({ uri: `promptpilot://files/${names[0]}` })
        assert.deepEqual(read.contents, [{ uri: `promptpilot://files/${names[0]}`, mimeType: 'text/plain', text: 'file 0' }])
        const [blob] = (await client.readResource({ uri: resources[0]?.uri ?? '' })).contents
        assert.equal(Reflect.get(Object(blob), 'blob'), Buffer.from(service.picture).toString('base64'))
      })

      test('what is not there, or is of another workspace, is not found', async () => {
        const mine = await upload('mine.txt', 'secret')
        const other = await register(desk.server, `other-${manner}@example.org`)
        const { body } = await desk.server.send('/api/keys', { token: other, body: { name: 'a key' } })
        const stranger = await desk.connect(manner, {}, body.key)
        assert.deepEqual((await stranger.listResources()).resources, [])
        for (const uri of [
          `promptpilot://files/${mine.id}`,
          `promptpilot://executions/${(await desk.run(await desk.publish(chain([], code('return 1'))))).id}`,
          'promptpilot://files/file_nothing',
          'promptpilot://files/../x',
          'promptpilot://nothing/x',
          'file:///etc/passwd',
        ])
          await assert.rejects(stranger.readResource({ uri }), /not found/i, uri)
      })

      test('a file that is too large is not read, and it says where it can be had', async () => {
        const { id } = await upload('large.bin', new Uint8Array(8 * 2 ** 20 + 1))
        await assert.rejects(client.readResource({ uri: `promptpilot://files/${id}` }), error => {
          assert.match(String(error), new RegExp(`8388609 bytes.*/api/files/${id}`))
          return true
        })
      })

      test('a cursor that is none of ours is an error of the protocol', async () => {
        await assert.rejects(client.listResources({ cursor: '***' }), /The cursor is not one of this list/)
        await assert.rejects(client.listTools({ cursor: 'ew' }), /The cursor is not one of this list/)
      })

      test('small pictures, sounds and texts come with the answer, longer ones by their name', async () => {
        const file = (key: string) => ({ key, block: 'http.request', params: { url: `${service.url}/${key}`, response: 'file' } })
        const keys = ['picture', 'sound', 'words', 'long']
        const list = Object.fromEntries(keys.map(key => [key, `{{ ${key}.body }}`]))
        await desk.offer('files', chain([], ...keys.map(file), { key: 'all', block: 'core.set', params: { fields: list } }))
        const { content } = await client.callTool({ name: 'files', arguments: {} })
        assert.deepEqual(
          content.map(one => one.type),
          ['text', 'image', 'audio', 'resource', 'resource_link'],
        )
        assert.equal(Object(content[1]).mimeType, 'image/png')
        assert.equal(Object(content[3]).resource.text, 'This is an embedded resource content.')
        assert.equal(Object(content[4]).size, 40_000)
      })

      test('what only looks like a file of this workspace is none', async () => {
        const { id } = await upload('real.txt', 'real')
        const fake = `{ id: 'file_${'0'.repeat(26)}', name: 'x', type: 'text/plain', size: 1 }`
        const lies = `{ id: '${id}', name: 'x', type: 'image/png', size: 1 }`
        await desk.offer('fake', chain([], code(`return [${fake}, ${lies}]`)))
        const { content } = await client.callTool({ name: 'fake', arguments: {} })
        assert.deepEqual(
          content.map(one => one.type),
          ['text', 'resource'],
        )
        assert.equal(Object(content[1]).resource.mimeType, 'text/plain')
      })

      test('a long output is a resource, and its beginning stands in the answer', async () => {
        for (const size of [70_000, 400_000]) {
          await desk.offer(`long_${size}`, chain([], code(`return { text: 'x'.repeat(${size}) }`)))
          const result = await client.callTool({ name: `long_${size}`, arguments: {} })
          const link = result.content.find(one => one.type === 'resource_link')
          assert.match(wordsOf(result), /too long to be shown here/)
          assert.ok(wordsOf(result).length < 3_000)
          assert.equal(result.structuredContent, undefined)
          const { contents } = await client.readResource({ uri: Object(link).uri })
          assert.equal(JSON.parse(Object(contents[0]).text).text.length, size)
        }
      })

      test('a long answer to the caller is read without what belongs to HTTP', async () => {
        const respond = { key: 'answer', block: 'core.respond', params: { body: '{{ make }}' } }
        await desk.offer('responds', chain([], code("return 'x'.repeat(300000)"), respond))
        const result = await client.callTool({ name: 'responds', arguments: {} })
        const { id } = Object(result._meta?.['promptpilot/execution'])
        const { contents } = await client.readResource({ uri: `promptpilot://executions/${id}/output` })
        assert.equal(JSON.parse(Object(contents[0]).text), 'x'.repeat(300_000))
      })

      test('an execution can be read as it stands', async () => {
        const { id } = await desk.run(await desk.publish(chain([], code('return { n: 1 }'))))
        const { contents } = await client.readResource({ uri: `promptpilot://executions/${id}` })
        const { status, output, url } = JSON.parse(Object(contents[0]).text)
        assert.deepEqual([status, output, url], ['completed', { n: 1 }, `${desk.server.url}/execution/${id}`])
        const { resourceTemplates } = await client.listResourceTemplates()
        assert.deepEqual(
          resourceTemplates.map(one => one.uriTemplate),
          ['promptpilot://files/{id}', 'promptpilot://executions/{id}', 'promptpilot://executions/{id}/output'],
        )
      })

      test('ids are completed, of files by their names too', async () => {
        const { id } = await upload('Invoice 7.txt', 'x')
        const complete = async (uri: string, value: string) =>
          (await client.complete({ ref: { type: 'ref/resource', uri }, argument: { name: 'id', value } })).completion.values
        assert.deepEqual(await complete('promptpilot://files/{id}', 'invoice'), [id])
        assert.deepEqual(await complete('promptpilot://files/{id}', id.slice(0, -1)), [id])
        const newest = (await desk.get('/api/executions')).items[0].id
        assert.deepEqual(await complete('promptpilot://executions/{id}', newest), [newest])
        await assert.rejects(complete('promptpilot://nothing/{id}', ''), /There is no pattern/)
      })

      test('there are no prompts yet, and none is made up', async () => {
        assert.deepEqual((await client.listPrompts()).prompts, [])
        await assert.rejects(client.getPrompt({ name: 'x' }), /There is no prompt “x”/)
      })

      test('a viewer may read', async () => {
        const token = await join(desk.server, desk.token, `viewer-${manner}@example.org`, 'viewer')
        const { body } = await desk.server.send('/api/keys', { token, body: { name: 'a key' } })
        const viewer = await desk.connect(manner, {}, body.key)
        assert.ok((await viewer.listResources()).resources.length > 0)
      })
    })

/** All pages, one by one. */
async function pages(client: Client) {
  const first = await client.listResources({ cursor: undefined })
  const all = [...first.resources]
  for (let cursor = first.nextCursor; cursor !== undefined; ) {
    const next = await client.listResources({ cursor })
    all.push(...next.resources)
    cursor = next.nextCursor
  }
  return all
}
