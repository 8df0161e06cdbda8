import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fetchThrough } from './fetch.ts'
import { outboundForTests, reply, startWire, stream } from './testing.ts'

const out = outboundForTests()
after(() => out.close())

test('whoever stops reading hangs up', async () => {
  const wire = await startWire()
  wire.says(stream(['one'], 'open'))
  const { body } = await fetchThrough(out)(wire.url)
  const reader = body?.getReader()
  assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'one')
  await reader?.cancel()
  await wire.hungUp
  await wire.stop()
})

test('an answer may take long as long as something comes', async () => {
  const wire = await startWire()
  wire.says(async response => {
    response.writeHead(200)
    for (let at = 0; at < 12; at += 1) {
      response.write('.')
      await setTimeout(125)
    }
    response.end()
  })
  const answer = await fetchThrough(out, { silence: 1_000, whole: 60_000 })(wire.url)
  assert.equal(await answer.text(), '............')
  await wire.stop()
})

test('forms are written out, and a request is taken as it is', async () => {
  const wire = await startWire()
  wire.says(reply({}))
  const form = new FormData()
  form.set('prompt', 'A cat')
  form.set('image', new Blob([new Uint8Array([1])], { type: 'image/png' }), 'a.png')
  await (await fetchThrough(out)(wire.url, { method: 'POST', body: form })).text()
  await (await fetchThrough(out)(new Request(`${wire.url}/x`, { headers: { 'x-own': '1' } }))).text()
  const [sent, asked] = wire.sent
  const border = /^multipart\/form-data; boundary=(.+)$/.exec(String(sent?.headers['content-type']))?.[1] ?? ''
  assert.ok(border !== '' && sent?.body.startsWith(`--${border}`) && sent.body.includes('filename="a.png"'))
  assert.deepEqual([asked?.method, asked?.path, asked?.headers['x-own']], ['GET', '/x', '1'])
  await wire.stop()
})

test('an answer without a body is one', async () => {
  const wire = await startWire()
  wire.says(response => void response.writeHead(204).end())
  const answer = await fetchThrough(out)(wire.url)
  assert.deepEqual([answer.status, answer.body], [204, null])
  await wire.stop()
})
