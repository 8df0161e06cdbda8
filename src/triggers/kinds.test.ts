import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { databases } from '#db/testing.ts'
import { type Stage, setStage } from '#executions/testing.ts'
import { defineConnector, defineTrigger } from '#sdk/define.ts'

const plain = { version: 1, about: 'For tests.', icon: 'moon', output: z.unknown() }

/** Three triggers that nobody else knows of, each of them one definition. */
const moon = defineConnector({
  id: 'moon',
  title: 'Moon',
  about: 'For tests.',
  blocks: [
    defineTrigger({
      ...plain,
      id: 'moon.full',
      title: 'Full moon',
      start: { kind: 'moon', by: 'time', next: ({ each }, after) => (Math.floor(after / each) + 1) * each },
      input: z.strictObject({ each: z.int().min(100) }),
      example: { input: { each: 1000 }, output: null },
    }),
    defineTrigger({
      ...plain,
      id: 'moon.call',
      title: 'Somebody howls',
      start: { kind: 'howl', by: 'call' },
      input: z.strictObject({}),
      example: { input: {}, output: null },
    }),
    defineTrigger({
      ...plain,
      id: 'moon.rise',
      title: 'It rises',
      start: { kind: 'rise', by: 'event', names: ({ where }) => [`moon.rise.${where}`] },
      input: z.strictObject({ where: z.string() }),
      example: { input: { where: 'east' }, output: null },
    }),
  ],
})

for (const kind of databases()) {
  describe(`a new kind of trigger is one definition (${kind.name})`, { skip: kind.skip }, () => {
    let it: Stage
    before(async () => {
      it = await setStage(await kind.place(), {}, { connectors: [moon] })
    })
    after(() => it.close())

    const begins = (block: string, params: object = {}) =>
      it.publish({
        nodes: [
          { key: 'start', block, params: { ...params } },
          { key: 'end', block: 'core.set', params: { fields: { got: '{{ trigger }}' } } },
        ],
        edges: ['start -> end'],
      })
    const trigger = async (id: string) => (await it.get(`/api/triggers?workflowId=${id}`)).items[0]
    async function first(id: string) {
      for (let waits = 0; waits < 400; waits += 1) {
        const { items } = await it.get(`/api/executions?workflowId=${id}`)
        if (items.length > 0) return it.until(items[0].id, 'completed')
        await sleep(25)
      }
      throw new Error('nothing was started')
    }

    test('that knows its times', async () => {
      const id = await begins('moon.full', { each: 300 })
      const { trigger: start, output } = await first(id)
      assert.deepEqual([start, Object.keys(output.got)], ['moon', ['scheduledAt', 'firedAt']])
      assert.equal(Date.parse(output.got.scheduledAt) % 300, 0)
      const { kind, nextAt, lastFires } = await trigger(id)
      assert.deepEqual([kind, typeof nextAt, lastFires.length > 0], ['moon', 'string', true])
    })

    test('that has an address', async () => {
      const id = await begins('moon.call')
      const { kind, url } = await trigger(id)
      assert.equal(kind, 'howl')
      assert.equal((await it.server.send(new URL(url).pathname, { body: { n: 1 } })).status, 202)
      const { trigger: start, output } = await first(id)
      assert.deepEqual([start, output.got.body], ['howl', { n: 1 }])
    })

    test('that listens to events', async () => {
      const id = await begins('moon.rise', { where: 'east' })
      for (const where of ['west', 'east']) await it.post('/api/events', { event: `moon.rise.${where}`, data: { where } })
      const { trigger: start, output } = await first(id)
      assert.deepEqual([start, output.got.data], ['rise', { where: 'east' }])
      assert.equal((await it.get(`/api/executions?workflowId=${id}`)).items.length, 1)
    })
  })
}
