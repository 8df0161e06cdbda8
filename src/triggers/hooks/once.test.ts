import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Stage, setStage } from '#executions/testing.ts'

for (const kind of databases()) {
  describe(`a webhook with conditions (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    before(async () => {
      it = await setStage(await kind.place())
    })
    after(() => it.close())

    const open = async (params: Record<string, unknown>) => {
      const id = await it.publish({
        nodes: [
          { key: 'hook', block: 'webhook.receive', params: { reply: 'finished', ...params } },
          { key: 'end', block: 'core.set', params: { fields: { n: '{{ trigger.body.n }}' } } },
        ],
        edges: ['hook -> end'],
      })
      const { items } = await it.get(`/api/triggers?workflowId=${id}`)
      return { id, path: new URL(items[0].url).pathname }
    }
    const count = async (id: string) => (await it.get(`/api/executions?workflowId=${id}`)).items.length

    test('starts once for calls that are the same, also when they come at the same moment', async () => {
      const { id, path } = await open({ dedupe: '{{ trigger.headers["x-delivery"] }}' })
      const call = (delivery: string) => it.server.send(path, { body: { n: 1 }, headers: { 'x-delivery': delivery } })
      const got = await Promise.all([call('a'), call('a'), call('a'), call('b')])
      assert.deepEqual(
        got.map(one => one.status),
        [200, 200, 200, 200],
      )
      assert.equal(await count(id), 2)
      const again = await call('a')
      assert.deepEqual([again.body.duplicate, typeof again.body.executionId], [true, 'string'])
      for (const _ of [1, 2]) await it.server.send(path, { body: { n: 1 } })
      assert.equal(await count(id), 4, 'a call that says nothing counts')
    })

    test('refuses a body that does not fit its schema, and says where', async () => {
      const schema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] }
      const { id, path } = await open({ schema })
      const { status, body } = await it.server.send(path, { body: { n: 'one' } })
      assert.deepEqual([status, body.code, body.details[0].path], [422, 'hook.unfit', 'body.n'])
      assert.equal((await it.server.send(path, { body: { n: 1 } })).status, 200)
      assert.equal(await count(id), 1)
    })

    test('takes the fields and the files of a form', async () => {
      const id = await it.publish({
        nodes: [
          { key: 'hook', block: 'webhook.receive', params: { reply: 'finished' } },
          { key: 'end', block: 'core.set', params: { fields: { who: '{{ trigger.body.who }}', files: '{{ trigger.files }}' } } },
        ],
        edges: ['hook -> end'],
      })
      const { items } = await it.get(`/api/triggers?workflowId=${id}`)
      const form = new FormData()
      form.append('who', 'Ada')
      form.append('who', 'Bob')
      form.append('letter', new Blob(['dear all']), 'letter.txt')
      const { status, body } = await it.server.send(new URL(items[0].url).pathname, { body: form })
      assert.deepEqual([status, body.who, body.files.length], [200, ['Ada', 'Bob'], 1])
      assert.deepEqual([body.files[0].field, body.files[0].name, body.files[0].size], ['letter', 'letter.txt', 8])
      const file = await it.server.send(body.files[0].url, { token: it.token })
      assert.equal(file.text, 'dear all')
      const broken = await it.server.send(new URL(items[0].url).pathname, {
        body: 'nonsense',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      })
      assert.deepEqual([broken.status, broken.body.code], [400, 'request.bad_multipart'])
    })

    test('streams what happens to the end', async () => {
      const { path } = await open({ reply: 'stream' })
      const { status, headers, text } = await it.server.send(path, { body: { n: 1 } })
      assert.deepEqual([status, headers.get('content-type')], [200, 'text/event-stream; charset=utf-8'])
      assert.deepEqual(
        [...text.matchAll(/^event: (\w+)$/gm)].map(match => match[1]),
        ['accepted', 'done', 'finished', 'end'],
      )
    })

    test('lets in who signs as the service does, now, and nobody else', async () => {
      const secret = 'a shared secret'
      const body = '{"n":1}'
      const now = Math.floor(it.server.world.clock.now() / 1000)
      const sign = (text: string, key: string | Buffer = secret) => createHmac('sha256', key).update(text)
      const key = Buffer.from('raw bytes of a key')
      const ways: [object, (at: number, text: string) => Record<string, string>, boolean][] = [
        [
          { kind: 'hmac', header: 'X-Sign', secret, prefix: 'v=', encoding: 'base64' },
          (_at, text) => ({ 'x-sign': `v=${sign(text).digest('base64')}` }),
          false,
        ],
        [{ kind: 'github', secret }, (_at, text) => ({ 'x-hub-signature-256': `sha256=${sign(text).digest('hex')}` }), false],
        [
          { kind: 'slack', secret },
          (at, text) => ({
            'x-slack-request-timestamp': `${at}`,
            'x-slack-signature': `v0=${sign(`v0:${at}:${text}`).digest('hex')}`,
          }),
          true,
        ],
        [
          { kind: 'stripe', secret },
          (at, text) => ({ 'stripe-signature': `t=${at},v1=00,v1=${sign(`${at}.${text}`).digest('hex')}` }),
          true,
        ],
        [
          { kind: 'standard', secret: `whsec_${key.toString('base64')}` },
          (at, text) => ({
            'webhook-id': 'msg_1',
            'webhook-timestamp': `${at}`,
            'webhook-signature': `v1,AAAA v1,${sign(`msg_1.${at}.${text}`, key).digest('base64')}`,
          }),
          true,
        ],
      ]
      for (const [verify, signed, timed] of ways) {
        const { path } = await open({ verify })
        const send = async (headers: Record<string, string>) =>
          (await it.server.send(path, { body, headers: { 'content-type': 'application/json', ...headers } })).status
        const name = JSON.stringify(verify)
        assert.equal(await send(signed(now, body)), 200, name)
        assert.equal(await send(signed(now, '{"n":2}')), 401, name)
        assert.equal(await send({}), 401, name)
        if (timed) assert.equal(await send(signed(now - 3_600, body)), 401, name)
        if (timed) assert.equal(await send(signed(now + 3_600, body)), 401, name)
      }
    })
  })
}
