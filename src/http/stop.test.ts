import assert from 'node:assert/strict'
import { type Agent, Agent as HttpAgent, request } from 'node:http'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { contract } from './contract.ts'
import { PATIENCE } from './patience.ts'
import { serve } from './serve.ts'
import { answersIn, SHORT, talk, testFrame } from './testing.ts'

const base = { area: 'test', needs: 'nobody', about: 'A test.', reply: z.object({ ok: z.literal(true) }) } as const
const quick = contract({ ...base, method: 'get', path: '/api/quick' })
const slow = contract({ ...base, method: 'post', path: '/api/slow', query: z.strictObject({ ms: z.coerce.number() }) })
const body = contract({ ...base, method: 'post', path: '/api/body', body: z.strictObject({ text: z.string() }) })

describe('stopping', () => {
  async function start(context: TestContext, patience = {}) {
    let running = 0
    let accepted = 0
    let finished = 0
    const it = await testFrame(
      frame => {
        serve(frame, quick, () => ({ ok: true as const }))
        serve(frame, body, () => ({ ok: true as const }))
        serve(frame, slow, async ({ query }) => {
          accepted += 1
          running += 1
          await sleep(query.ms)
          running -= 1
          finished += 1
          return { ok: true as const }
        })
      },
      { patience: { ...SHORT, ...patience } },
    )
    context.after(() => it.frame.app.server.closeAllConnections())
    return { it, running: () => running, accepted: () => accepted, finished: () => finished }
  }
  const ask = (port: number, agent: Agent | false, method = 'GET', path = '/api/quick') =>
    new Promise<{ status: number; body: Record<string, unknown>; connection: string | undefined }>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, agent, method, path }, answer => {
        let text = ''
        answer.setEncoding('utf8').on('data', chunk => {
          text += chunk
        })
        answer.once('error', reject)
        answer.once('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text), connection: answer.headers.connection }),
        )
      })
      asked.once('error', reject).end()
    })

  test('takes less than ten seconds, however long something runs', () => {
    assert.ok(PATIENCE.farewell + PATIENCE.end + PATIENCE.farewell < 9_000)
  })

  test('finishes what runs, and refuses what comes meanwhile', async context => {
    const { it, running } = await start(context)
    const agent = new HttpAgent({ keepAlive: true })
    const first = ask(it.port, agent, 'POST', '/api/slow?ms=300')
    while (running() === 0) await sleep(5)
    const stopped = it.stop()
    await sleep(20)
    const refused = await ask(it.port, false)
    assert.deepEqual([refused.status, refused.body.code, refused.connection], [503, 'server.stopping', 'close'])
    assert.equal((await ask(it.port, false, 'POST', '/api/slow?ms=1')).status, 503)
    await sleep(100)
    assert.equal((await ask(it.port, false)).status, 503, 'as long as something runs, who comes is told')
    assert.deepEqual([(await first).status, (await first).connection], [200, 'close'])
    await stopped
    await assert.rejects(ask(it.port, false), { code: 'ECONNREFUSED' })
    agent.destroy()
  })

  test('is over at once when nothing runs, with connections that are kept open', async context => {
    const { it } = await start(context)
    const agent = new HttpAgent({ keepAlive: true })
    await Promise.all(Array.from({ length: 20 }, () => ask(it.port, agent)))
    const begun = Date.now()
    await it.stop()
    assert.ok(Date.now() - begun < 400, `${Date.now() - begun} ms`)
    agent.destroy()
  })

  test('tells those on open connections that it is over before it closes them', async context => {
    const { it } = await start(context, { farewell: 2_000 })
    const one = talk(it.port)
    one.say('GET /api/quick HTTP/1.1\r\nhost: x\r\n\r\n')
    await one.until(/"ok":true/)
    const stopped = it.stop()
    await sleep(100)
    one.say('GET /api/quick HTTP/1.1\r\nhost: x\r\n\r\n')
    const answers = answersIn(await one.closed)
    assert.deepEqual(
      answers.map(({ status, headers }) => [status, headers.connection]),
      [
        [200, 'keep-alive'],
        [503, 'close'],
      ],
    )
    await stopped
  })

  test('does not wait for those who have said half of what they want', async context => {
    const { it } = await start(context, { end: 400, body: 10_000 })
    const half = ['', 'GET /api', 'GET /api/quick HTTP/1.1\r\nhost: x\r\n'].map(text => {
      const one = talk(it.port)
      one.say(text)
      return one
    })
    await sleep(30)
    const begun = Date.now()
    await it.stop()
    assert.ok(Date.now() - begun < 400, `${Date.now() - begun} ms`)
    await Promise.all(half.map(one => one.closed))
  })

  test('waits for the rest of a request only so long', async context => {
    const { it } = await start(context, { end: 300, body: 10_000 })
    const one = talk(it.port)
    one.say('POST /api/body HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"text":')
    await sleep(30)
    const begun = Date.now()
    await it.stop()
    assert.ok(Date.now() - begun < 900, `${Date.now() - begun} ms`)
    await one.closed
  })

  test('gives up what runs too long', async context => {
    const { it, running } = await start(context, { end: 300, answer: 60_000 })
    const lost = ask(it.port, false, 'POST', '/api/slow?ms=2000')
    lost.catch(() => {})
    while (running() === 0) await sleep(5)
    const begun = Date.now()
    await it.stop()
    assert.ok(Date.now() - begun < 900, `${Date.now() - begun} ms`)
    await assert.rejects(lost)
  })

  test('cuts off nobody who was let in, however many there are', async context => {
    const { it, accepted, finished } = await start(context)
    const agent = new HttpAgent({ keepAlive: true, maxSockets: 40 })
    const counts = { good: 0, refused: 0, cut: 0 }
    let over = false
    const client = async () => {
      while (!over) {
        try {
          const { status } = await ask(it.port, agent, 'POST', `/api/slow?ms=${counts.good % 20}`)
          if (status === 200) counts.good += 1
          else if (status === 503) counts.refused += 1
        } catch (error) {
          if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') return
          counts.cut += 1
          return
        }
      }
    }
    const clients = Array.from({ length: 40 }, client)
    await sleep(300)
    await it.stop()
    over = true
    await Promise.all(clients)
    agent.destroy()
    assert.ok(counts.good > 0 && counts.refused > 0, JSON.stringify(counts))
    assert.equal(counts.good, accepted(), 'somebody was let in and got no answer')
    assert.equal(finished(), accepted())
  })

  test('answers all that were let in on one connection', async context => {
    const { it, accepted } = await start(context)
    const one = talk(it.port)
    one.say('POST /api/slow?ms=100 HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(3))
    while (accepted() < 3) await sleep(5)
    await it.stop()
    assert.deepEqual(
      answersIn(await one.closed).map(({ status }) => status),
      [200, 200, 200],
    )
  })
})
