import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Stage, setStage } from '#executions/testing.ts'
import { register } from '#testing.ts'

type Item = { id: string; name: string; live: number | null; lastRun: { id: string; status: string; at: string } | null }

const START = { key: 'start', block: 'manual.start' }

for (const kind of databases()) {
  describe(`the list of workflows, on ${kind.name}`, { skip: kind.skip }, () => {
    let it: Stage
    before(async () => {
      it = await setStage(await kind.place(), { OPEN_SIGNUP: 'true' })
    })
    after(() => it.close())

    /** All pages of a list, one after the other. */
    async function all(query: string, token = it.token): Promise<Item[]> {
      const found: Item[] = []
      for (let cursor = ''; ; ) {
        const { body } = await it.server.send(`/api/workflows?limit=2&${query}${cursor && `&cursor=${cursor}`}`, { token })
        found.push(...body.items)
        if (body.next === null) return found
        cursor = encodeURIComponent(body.next)
      }
    }
    const names = (items: Item[]) => items.map(({ name }) => name)
    const make = async (name: string): Promise<string> =>
      (await it.post('/api/workflows', { name, nodes: [{ id: 's', ...START }] })).id

    test('is sorted by age, by name or by the last change, page by page, with nothing twice and nothing left out', async () => {
      const made: Record<string, string> = {}
      for (const name of ['pear', 'Apple', '🍊 orange', 'apple', 'fig']) made[name] = await make(name)
      assert.deepEqual(names(await all('')), ['fig', 'apple', '🍊 orange', 'Apple', 'pear'])
      assert.deepEqual(names(await all('sort=name')).slice(-4, -1).length, 3)
      const byName = names(await all('sort=name'))
      assert.deepEqual([...byName].sort(), ['Apple', 'apple', 'fig', 'pear', '🍊 orange'].sort())
      assert.ok(byName.indexOf('fig') < byName.indexOf('pear') && byName.indexOf('apple') < byName.indexOf('fig'))
      assert.equal(Math.abs(byName.indexOf('apple') - byName.indexOf('Apple')), 1)
      const { rev } = await it.get(`/api/workflows/${made.pear}`)
      await it.server.send(`/api/workflows/${made.pear}`, { method: 'PUT', token: it.token, body: { rev, description: 'ripe' } })
      assert.deepEqual(names(await all('sort=changed')), ['pear', 'fig', 'apple', '🍊 orange', 'Apple'])
    })

    test('takes a cursor that is nonsense for one behind which nothing stands, or everything', async () => {
      for (const sort of ['newest', 'name', 'changed'])
        for (const cursor of ['x', 'W10', Buffer.from('["a",{}]').toString('base64url'), '%F0%9F%92%A5'])
          assert.equal((await it.server.send(`/api/workflows?sort=${sort}&cursor=${cursor}`, { token: it.token })).status, 200)
    })

    test('is narrowed to what was published, and says how the newest execution of each stands', async () => {
      const id = await make('published')
      const never = (await all('live=true')).find(one => one.id === id)
      assert.equal(never, undefined)
      await it.post(`/api/workflows/${id}/publish`)
      const first = await it.run(id)
      const bad = await it.publish({
        name: 'failing',
        nodes: [START, { key: 'end', block: 'core.stop', params: { outcome: 'failed', message: 'no' } }],
        edges: ['start -> end'],
      })
      const failed = await it.run(bad)
      const live = await all('live=true')
      assert.deepEqual(
        live.map(({ name, lastRun }) => [name, lastRun?.id, lastRun?.status]),
        [
          ['failing', failed.id, 'failed'],
          ['published', first.id, 'completed'],
        ],
      )
      const second = await it.run(id)
      const now = (await all('live=true')).find(one => one.id === id)
      assert.deepEqual(now?.lastRun, { id: second.id, status: 'completed', at: second.createdAt })
      const drafts = await all('live=false')
      assert.ok(drafts.length > 0 && drafts.every(one => one.live === null && one.lastRun === null))
      assert.deepEqual(await all('', await register(it.server, 'elsewhere@example.org')), [])
    })
  })
}
