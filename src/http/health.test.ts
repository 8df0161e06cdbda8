import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '#errors.ts'
import { type Probe, serveHealth } from './health.ts'
import { handClock, speak, testFrame } from './testing.ts'

describe('health', () => {
  async function start(context: TestContext, probes: Probe[] = [], metricsToken: string | null = null) {
    const clock = handClock()
    const it = await testFrame(frame => serveHealth(frame, { version: '1.2.3', probes, metricsToken, patience: 200 }), {
      clock,
      trustedProxies: ['10.0.0.1'],
    })
    context.after(() => it.stop())
    const ask = async (path: string, headers = {}) => {
      const got = await fetch(it.url + path, { headers })
      const text = await got.text()
      return {
        status: got.status,
        text,
        type: got.headers.get('content-type'),
        body: text.startsWith('{') ? JSON.parse(text) : null,
      }
    }
    return { it, clock, ask }
  }

  test('says that the process lives, and which version it is', async context => {
    const { ask } = await start(context)
    assert.deepEqual((await ask('/api/health')).body, { status: 'ok', version: '1.2.3' })
  })

  test('says that everything works, and how long each took', async context => {
    const { ask } = await start(context, [
      { name: 'one', check: async () => {} },
      { name: 'two', check: async () => {} },
    ])
    const { status, body } = await ask('/api/health/ready')
    assert.deepEqual([status, body.status, Object.keys(body.checks)], [200, 'ready', ['one', 'two']])
    assert.deepEqual(body.checks.one, { ok: true, ms: 0 })
  })

  test('says what does not work in words, and tells nobody what only the operator may know', async context => {
    const { it, ask } = await start(context, [
      { name: 'good', check: async () => {} },
      {
        name: 'told',
        check: () => Promise.reject(new Fault('server.busy', { message: 'The database does not answer right now.' })),
      },
      { name: 'inside', check: () => Promise.reject(new Error('EACCES: permission denied, open /srv/secret/place')) },
    ])
    const { status, body, text } = await ask('/api/health/ready')
    assert.deepEqual([status, body.status, body.checks.good.ok], [503, 'not ready', true])
    assert.equal(body.checks.told.message, 'The database does not answer right now.')
    assert.equal(body.checks.inside.message, 'It does not work; the log of the server says why.')
    assert.doesNotMatch(text, /EACCES|secret/)
    assert.ok(it.lines.some(line => line.probe === 'inside' && JSON.stringify(line).includes('EACCES')))
  })

  test('does not wait for what hangs', async context => {
    const { ask } = await start(context, [{ name: 'hangs', check: () => new Promise(() => {}) }])
    const begun = Date.now()
    const { status, body } = await ask('/api/health/ready')
    assert.deepEqual([status, body.checks.hangs.message], [503, 'No answer within 200 ms.'])
    assert.ok(Date.now() - begun < 1_000)
  })

  test('looks once a second, however many ask', async context => {
    let looks = 0
    const { ask, clock } = await start(context, [
      {
        name: 'counted',
        check: async () => {
          looks += 1
          await sleep(20)
        },
      },
    ])
    await Promise.all(Array.from({ length: 30 }, () => ask('/api/health/ready')))
    assert.equal(looks, 1)
    clock.move(1_000)
    await ask('/api/health/ready')
    assert.equal(looks, 2)
    clock.move(-50_000)
    await ask('/api/health/ready')
    assert.equal(looks, 3, 'a clock that was put back does not make it blind')
  })

  test('is not ready when the server stops', async context => {
    const { it, ask } = await start(context)
    it.frame.stopping.abort()
    assert.equal((await ask('/api/health/ready')).status, 503)
  })

  test('metrics are for this machine when there is no token', async context => {
    const { it, ask } = await start(context)
    const { status, text, type } = await ask('/metrics')
    assert.deepEqual([status, type], [200, 'text/plain; version=0.0.4; charset=utf-8'])
    assert.match(text, /^process_resident_memory_bytes \d+/m)
    assert.match(text, /# TYPE http_request_seconds histogram/)
    for (const header of [
      'x-forwarded-for: 203.0.113.9',
      'forwarded: for=203.0.113.9',
      'x-real-ip: 203.0.113.9',
      'via: 1.1 proxy',
    ]) {
      const heard = await speak(
        it.port,
        `GET /metrics HTTP/1.1\r\nhost: 127.0.0.1:${it.port}\r\nconnection: close\r\n${header}\r\n\r\n`,
      )
      assert.match(heard, /^HTTP\/1\.1 401 /, header)
      assert.doesNotMatch(heard, /process_resident/)
    }
    assert.match(
      await speak(it.port, 'GET /metrics HTTP/1.1\r\nhost: rebound.example\r\nconnection: close\r\n\r\n'),
      /^HTTP\/1\.1 401 /,
    )
  })

  test('metrics with a token are for those who have it, from wherever they come', async context => {
    const { ask } = await start(context, [], 'a-long-token-for-metrics')
    for (const authorization of [
      '',
      'Bearer',
      'Bearer wrong',
      'Bearer a-long-token-for-metric',
      'Basic a-long-token-for-metrics',
      'Bearer a-long-token-for-metrics2',
    ])
      assert.equal((await ask('/metrics', authorization ? { authorization } : {})).status, 401, authorization)
    for (const authorization of ['Bearer a-long-token-for-metrics', 'bearer a-long-token-for-metrics'])
      assert.equal((await ask('/metrics', { authorization, 'x-forwarded-for': '203.0.113.9' })).status, 200, authorization)
  })
})
