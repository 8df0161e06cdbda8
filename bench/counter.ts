import { once } from 'node:events'
import { createServer } from 'node:http'

/** Who has called, as the body says it; a GET answers how many calls there were and how many different ones. */
const seen = new Set<string>()
let calls = 0

const server = createServer((incoming, response) => {
  response.setHeader('content-type', 'application/json')
  if (incoming.method === 'GET') return response.end(JSON.stringify({ calls, different: seen.size }))
  let text = ''
  incoming.on('data', part => {
    text += part
  })
  incoming.once('end', () => {
    calls += 1
    seen.add(text)
    response.end('{"ok":true}')
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
console.log(`http://127.0.0.1:${Object(server.address()).port}`)
