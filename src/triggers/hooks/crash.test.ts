import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { databases } from '#db/testing.ts'
import { type Real, startReal } from '#executions/testing.ts'
import { echoing, type Line } from './testing.ts'

const DELIVERIES = 100
const KILLS = 3

/** What a delivery was answered: nothing where the server was killed before. */
type Told = { status: number; executionId: string; duplicate: boolean } | null

async function deliver(url: string): Promise<Told> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-delivery': '4711' },
      body: '{"n":1}',
    })
    const { executionId, duplicate = false } = Object(await answer.json())
    return { status: answer.status, executionId, duplicate }
  } catch {
    return null
  }
}

/** Mulberry32: the same seed, the same moments. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

describe('a delivery that is sent again and again while the server is killed', { concurrency: false }, () => {
  for (const kind of databases()) {
    test(`starts one execution, and each that was acknowledged has its line (${kind.name})`, {
      skip: kind.skip,
      timeout: 120_000,
    }, async context => {
      const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32))
      context.diagnostic(`seed ${seed}`)
      const dice = random(seed)
      const where = await kind.place()
      let real = await startReal(where)
      const { token } = real
      const addressOf = async (of: Real, id: string) => {
        const { items } = (await of.ask(`/api/triggers?workflowId=${id}`)).body
        return { url: String(items[0].url), trigger: String(items[0].id) }
      }
      try {
        const id = await real.publish(echoing({ reply: 'accepted', dedupe: { by: 'header', header: 'x-delivery' } }))
        let at = await addressOf(real, id)
        const told: Told[] = []
        const part = Math.ceil(DELIVERIES / (KILLS + 1))
        for (let kill = 0; kill <= KILLS; kill += 1) {
          const { url } = at
          const going = Array.from({ length: part }, async () => {
            await sleep(dice() * 60)
            told.push(await deliver(url))
          })
          if (kill < KILLS) {
            await sleep(5 + dice() * 60)
            real.process.child.kill('SIGKILL')
            await once(real.process.child, 'exit')
          }
          await Promise.all(going)
          if (kill === KILLS) break
          real = await startReal(where, token)
          at = await addressOf(real, id)
        }
        const acknowledged = told.filter(one => one !== null)
        const last = await deliver(at.url)
        assert.ok(last)
        acknowledged.push(last)
        const { items: executions } = (await real.ask(`/api/executions?workflowId=${id}`)).body
        assert.equal(executions.length, 1, `seed ${seed}`)
        const first = executions[0].id
        assert.deepEqual(new Set(acknowledged.map(one => one.executionId)), new Set([first]), `seed ${seed}`)
        assert.ok(acknowledged.filter(one => !one.duplicate).length <= 1)
        const lines: Line[] = (await real.ask(`/api/triggers/${at.trigger}/activity?limit=200`)).body.items
        const of = (outcome: string) => lines.filter(line => line.outcome === outcome && line.executionId === first).length
        assert.equal(of('fired'), 1, `seed ${seed}`)
        assert.equal(of('fired') + of('duplicate'), lines.length, `seed ${seed}`)
        // One whose answer was lost may have its line as well.
        const duplicates = acknowledged.filter(one => one.duplicate).length
        assert.ok(of('duplicate') >= duplicates, `${of('duplicate')} of ${duplicates}, seed ${seed}`)
        context.diagnostic(`${acknowledged.length} of ${told.length + 1} were acknowledged`)
        while ((await real.status(first)) !== 'completed') await sleep(20)
      } finally {
        await real.process.stop()
        await where.drop()
      }
    })
  }
})
