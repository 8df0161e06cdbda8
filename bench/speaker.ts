import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { DIALECTS } from '#models/testing.ts'

/** Speaks as the providers do: so many pieces, so many in a second (0: as fast as it can), each with the microsecond it was sent in. */
const [count = 1, perSecond = 0] = process.argv.slice(2).map(Number)

const STAMP = '0000000000000000'
const stamp = () => String(process.hrtime.bigint() / 1000n).padStart(STAMP.length, '0')
const PATHS: Record<string, string> = { responses: 'openai', messages: 'anthropic', completions: 'compatible' }

const server = createServer(async (incoming, response) => {
  for await (const part of incoming) void part
  const id = PATHS[incoming.url?.split('/').at(-1) ?? ''] ?? 'google'
  const frames = DIALECTS.find(({ provider }) => provider.id === id)?.text(Array(count).fill(STAMP)) ?? []
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const begun = performance.now()
  let at = 0
  for (const frame of frames) {
    if (frame.includes(STAMP)) {
      const due = begun + (perSecond === 0 ? 0 : (at * 1000) / perSecond)
      const wait = due - performance.now()
      if (wait > 1) await setTimeout(wait)
      at += 1
    }
    response.write(frame.replace(STAMP, stamp))
  }
  response.end()
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
console.log(`http://127.0.0.1:${Object(server.address()).port}`)
