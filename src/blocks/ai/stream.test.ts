import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chunk, DONE, dialectOf, stream } from '#models/testing.ts'
import { MODELS, openAiStage } from './testing.ts'

const { it, wires } = await openAiStage()
const chat = dialectOf('compatible')

/** A workflow that is called and lets a model write; answers with its address. */
async function called(node: Record<string, unknown> = {}): Promise<string> {
  const id = await it.publish({
    nodes: [
      { key: 'hook', block: 'webhook.receive', params: { reply: 'stream' } },
      { key: 'ai', block: 'ai.write', params: { model: MODELS.compatible, prompt: 'Write' }, retry: { attempts: 1 }, ...node },
    ],
    edges: ['hook -> ai'],
  })
  const { items } = await it.get(`/api/triggers?workflowId=${id}`)
  return items[0].url
}

/** Reads until it has heard some words. */
async function heard(reader: ReadableStreamDefaultReader<string>, words: string, before = ''): Promise<string> {
  let all = before
  while (!all.includes(words)) {
    const { value, done } = await reader.read()
    assert.ok(!done, `it ended before “${words}” was heard: ${all}`)
    all += value
  }
  return all
}

test('who calls a webhook hears what a model writes while it writes it, and the end after that', async () => {
  const goOn = Promise.withResolvers<void>()
  wires.compatible.says(async response => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(chunk({ content: 'Once upon ' }))
    await goOn.promise
    for (const piece of [chunk({ content: 'a time' }), chunk({}, 'stop'), DONE]) response.write(piece)
    response.end()
  })
  const answer = await fetch(await called(), { method: 'POST' })
  assert.match(answer.headers.get('content-type') ?? '', /event-stream/)
  const reader = (answer.body ?? assert.fail()).pipeThrough(new TextDecoderStream()).getReader()
  const first = await heard(reader, 'Once upon ')
  assert.ok(!first.includes('a time'))
  goOn.resolve()
  const rest = await heard(reader, 'event: end', first)
  assert.match(rest, /"text":"Once upon a time"/)
})

test('a stream that is cut is a failed attempt, with what had come kept and marked as a part', async () => {
  wires.compatible.says(response => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(chunk({ content: 'Half of ' }))
    setImmediate(() => response.destroy())
  })
  const answer = await fetch(await called(), { method: 'POST' })
  const all = await answer.text()
  const execution = /"id":"(exe_[^"]+)"/.exec(all)?.[1] ?? assert.fail(all)
  assert.equal((await it.get(`/api/executions/${execution}`)).status, 'failed')
  const { items } = await it.get(`/api/executions/${execution}/logs`)
  const [entry] = items
  assert.deepEqual([entry.status, entry.partial, entry.output], ['failed', 'Half of ', null])
})

test('an attempt that is made again begins its text anew', async () => {
  let asked = 0
  wires.compatible.says(async (response, sent) => {
    asked += 1
    if (asked === 1) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(chunk({ content: 'Broken' }))
      setImmediate(() => response.destroy())
      return
    }
    await stream(chat.text(['Whole']))(response, sent)
  })
  const answer = await fetch(await called({ retry: { attempts: 2, delay: 1, jitter: false } }), { method: 'POST' })
  const all = await answer.text()
  const pieces = [...all.matchAll(/event: text\ndata: (.*)/g)].map(found => JSON.parse(found[1] ?? '{}'))
  assert.deepEqual(
    pieces.map(({ at, text }) => [at, text]),
    [
      [0, 'Broken'],
      [0, 'Whole'],
    ],
  )
})
