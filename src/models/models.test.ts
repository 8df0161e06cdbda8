import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Stage, setStage } from '#executions/testing.ts'

type Shown = {
  id: string
  provider: string
  demo: boolean
  price: { input: number; own: boolean } | null
  credentialId: string | null
}

for (const kind of databases()) {
  describe(`models over HTTP (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json')
      if (request.headers.authorization !== 'Bearer right') {
        response.statusCode = 401
        response.end('{"error":{"message":"Incorrect API key provided"}}')
      } else response.end('{"data":[{"id":"llama3"},{"id":"mistral"}]}')
    })
    let base = ''
    before(async () => {
      await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
      it = await setStage(await kind.place())
    })
    after(async () => {
      server.close()
      await it.close()
    })
    const credential = (apiKey: string) =>
      it.post('/api/credentials', { name: 'near', kind: 'compatible', values: { baseUrl: base, apiKey } })
    const listed = async (): Promise<{ items: Shown[]; problems: { message: string; credentialId: string }[] }> =>
      it.get('/api/models')

    test('without any key there is the demo, and nothing that could not be asked', async () => {
      const { items, problems } = await listed()
      assert.deepEqual([...new Set(items.map(one => one.provider))], ['demo'])
      assert.ok(items.every(one => one.demo && one.price?.input === 0))
      assert.deepEqual(problems, [])
    })

    test('a server with a credential is asked what it has; one that refuses the key says so, and the others are there', async () => {
      const good = await credential('right')
      const bad = await credential('wrong')
      const { items, problems } = await listed()
      assert.deepEqual(
        items.filter(one => one.provider === 'compatible').map(one => [one.id, one.credentialId, one.price]),
        [
          ['compatible/llama3', good.id, null],
          ['compatible/mistral', good.id, null],
        ],
      )
      assert.deepEqual([problems.length, problems[0]?.credentialId], [1, bad.id])
      assert.match(problems[0]?.message ?? '', /key.*Incorrect API key provided/)
    })

    test('a credential is tried with a real call, and what is wrong is said in words', async () => {
      const tried = async (id: string) => it.post(`/api/credentials/${id}/test`)
      const right = await tried((await credential('right')).id)
      assert.deepEqual([right.ok, right.message], [true, 'It works: OpenAI-compatible server lists 2 models.'])
      const wrong = await tried((await credential('wrong')).id)
      assert.deepEqual([wrong.ok, /key/.test(wrong.message), wrong.message.includes('wrong')], [false, true, false])
      const other = await it.post('/api/credentials', { name: 'x', kind: 'http.bearer', values: { token: 'x' } })
      assert.equal((await it.post(`/api/credentials/${other.id}/test`, {}, 409)).code, 'credential.untestable')
    })

    test('an admin says what a model costs, and takes it back; unknown is not free', async () => {
      await credential('right')
      const price = async () => (await listed()).items.find(one => one.id === 'compatible/llama3')?.price
      const say = (price: object | null) =>
        it.server.send('/api/models/prices', { method: 'PUT', token: it.token, body: { model: 'compatible/llama3', price } })
      assert.equal(await price(), null)
      assert.equal((await say({ input: 0.5, output: 1.25 })).status, 200)
      const set = await price()
      assert.deepEqual([set?.input, set?.own], [0.5, true])
      await say(null)
      assert.equal(await price(), null)
    })
  })
}
