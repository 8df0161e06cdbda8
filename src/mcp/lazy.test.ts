import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { test } from 'node:test'
import { databases } from '#db/testing.ts'

const loaded: string[] = []
registerHooks({
  load(url, context, next) {
    loaded.push(url)
    return next(url, context)
  },
})
const { setMcp } = await import('./testing.ts')

test('what it takes to speak MCP is loaded when the first client comes, and not for one who may not', async () => {
  const [sqlite] = databases()
  assert.ok(sqlite)
  const desk = await setMcp(await sqlite.place())
  const isThere = () => loaded.some(url => url.includes('/@modelcontextprotocol/server/'))
  try {
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
    assert.equal((await desk.ask(list, { authorization: 'Bearer pp_nobody' })).status, 401)
    assert.equal(isThere(), false)
    assert.equal((await desk.ask(list)).status, 200)
    assert.equal(isThere(), true)
  } finally {
    await desk.close()
  }
})
