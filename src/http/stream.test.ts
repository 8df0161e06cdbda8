import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { contract, raw } from './contract.ts'
import { serve } from './serve.ts'
import { eventStream, resumeAfter, type StreamEvent } from './stream.ts'
import { heapInUse, SHORT, type TestFrame, talk, testFrame } from './testing.ts'

const base = {
  method: 'get',
  area: 'test',
  needs: 'nobody',
  about: 'A test.',
  reply: raw('stream', 'text/event-stream', 'Events.'),
} as const
const numbers = contract({ ...base, path: '/api/numbers' })
const silent = contract({ ...base, path: '/api/silent' })
const flood = contract({ ...base, path: '/api/flood' })
const failing = contract({ ...base, path: '/api/failing' })
const late = contract({ ...base, path: '/api/late' })
const either = contract({
  ...base,
  path: '/api/either',
  reply: z.object({ sum: z.int() }),
  events: 'The numbers that are summed.',
})
const slow = contract({ ...base, path: '/api/slow', reply: z.object({ sum: z.int() }), time: 1 })

describe('a stream of events', () => {
  let it: TestFrame
  let open = 0
  let given = 0
  const unhandled: unknown[] = []
  const note = (reason: unknown) => void unhandled.push(reason)

  /** Counts from a number to ten. */
  async function* count(from: number): AsyncGenerator<StreamEvent> {
    for (let at = from + 1; at <= 10; at += 1) yield { id: `${at}`, event: 'number', data: { at, text: 'two\nlines' } }
  }
  async function* watched(events: AsyncGenerator<StreamEvent>): AsyncGenerator<StreamEvent> {
    open += 1
    try {
      yield* events
    } finally {
      open -= 1
    }
  }
  async function* nothing(signal: AbortSignal): AsyncGenerator<StreamEvent> {
    await new Promise(resolve => signal.addEventListener('abort', resolve))
    yield { event: 'never', data: null }
  }
  async function* endless(): AsyncGenerator<StreamEvent> {
    for (;;) {
      given += 1
      yield { event: 'much', data: 'x'.repeat(10_000) }
    }
  }
  async function* broken(): AsyncGenerator<StreamEvent> {
    yield { event: 'one', data: 1 }
    throw new Error('the source is dry')
  }
  async function* brokenLater(signal: AbortSignal): AsyncGenerator<StreamEvent> {
    await new Promise(resolve => signal.addEventListener('abort', resolve))
    await sleep(10)
    throw new Error('the database is closed')
  }

  const start = () =>
    testFrame(
      frame => {
        serve(frame, numbers, ({ request, signal }) => eventStream(watched(count(Number(resumeAfter(request) ?? 0))), signal))
        serve(frame, silent, ({ signal }) => eventStream(watched(nothing(signal)), signal, 40))
        serve(frame, flood, ({ signal }) => eventStream(watched(endless()), signal))
        serve(frame, failing, ({ signal }) => eventStream(watched(broken()), signal))
        serve(frame, either, ({ live, signal }) => (live ? { events: eventStream(count(7), signal) } : { sum: 27 }))
        serve(frame, slow, ({ signal }) => new Promise(resolve => signal.addEventListener('abort', () => resolve({ sum: 1 }))))
        serve(frame, late, ({ signal }) => eventStream(watched(brokenLater(signal)), signal))
      },
      { patience: SHORT },
    )
  before(async () => {
    process.on('unhandledRejection', note)
    it = await start()
  })
  after(async () => {
    await it.stop()
    await sleep(50)
    process.off('unhandledRejection', note)
    assert.deepEqual(unhandled, [])
    assert.equal(open, 0)
  })
  const listen = (path: string, headers = '') => {
    const one = talk(it.port)
    one.say(`GET ${path} HTTP/1.1\r\nhost: x\r\n${headers}\r\n`)
    return one
  }

  test('comes as it should: the type, no cache, one line of JSON for each event', async () => {
    const got = await fetch(`${it.url}/api/numbers?after=8`)
    assert.equal(got.headers.get('content-type'), 'text/event-stream')
    assert.equal(got.headers.get('cache-control'), 'no-store')
    assert.equal(got.headers.get('x-accel-buffering'), 'no')
    assert.equal(got.headers.get('content-encoding'), null)
    assert.equal(
      await got.text(),
      'retry: 2000\n\nid: 9\nevent: number\ndata: {"at":9,"text":"two\\nlines"}\n\nid: 10\nevent: number\ndata: {"at":10,"text":"two\\nlines"}\n\n',
    )
  })

  test('is what an answer in JSON becomes for those who ask for events', async () => {
    const get = async (accept: string) => fetch(`${it.url}/api/either`, { headers: { accept } })
    const plain = await get('*/*')
    assert.deepEqual([plain.headers.get('content-type'), await plain.json()], ['application/json; charset=utf-8', { sum: 27 }])
    const events = await get('text/event-stream')
    assert.equal(events.headers.get('content-type'), 'text/event-stream')
    assert.equal([...(await events.text()).matchAll(/^event: number$/gm)].length, 3)
  })

  test('an answer has the time that its contract says', async () => {
    const got = await fetch(`${it.url}/api/slow`)
    assert.deepEqual([got.status, (await got.json()).code], [503, 'server.timeout'])
  })

  test('goes on where the listener was, as its browser says or as the address says', async () => {
    const ids = async (path: string, last?: string) => {
      const got = await fetch(it.url + path, last === undefined ? {} : { headers: { 'last-event-id': last } })
      return [...(await got.text()).matchAll(/^id: (\d+)/gm)].map(match => Number(match[1]))
    }
    assert.deepEqual(await ids('/api/numbers', '7'), [8, 9, 10])
    assert.deepEqual(await ids('/api/numbers?after=7'), [8, 9, 10])
    assert.deepEqual(await ids('/api/numbers?after=2', '9'), [10])
    assert.equal((await ids('/api/numbers')).length, 10)
    assert.equal((await ids('/api/numbers?after=')).length, 10)
    assert.equal((await ids('/api/numbers', '')).length, 10)
    assert.equal((await ids('/api/numbers?after=1&after=2')).length, 10)
  })

  test('begins at once and shows that it lives when nothing happens', async () => {
    const one = listen('/api/silent')
    await one.until(/retry: 2000/)
    await one.until(/(: still here[\s\S]+){3}/)
    assert.equal(open, 1)
    one.socket.destroy()
    await sleep(60)
    assert.equal(open, 0)
  })

  test('lets go of its source when the listener goes, also in the middle of much', async () => {
    for (const path of ['/api/silent', '/api/flood']) {
      const many = Array.from({ length: 10 }, () => listen(path))
      await Promise.all(many.map(one => one.until(/retry/)))
      assert.equal(open, 10)
      for (const one of many) one.socket.resetAndDestroy()
      for (let waits = 0; open > 0 && waits < 100; waits += 1) await sleep(10)
      assert.equal(open, 0, path)
    }
  })

  test('waits for a listener who does not read', async () => {
    const from = given
    const one = listen('/api/flood')
    await one.until(/retry/)
    one.socket.pause()
    await sleep(100)
    const full = given
    await sleep(200)
    assert.equal(given, full, 'the source was asked although nobody reads')
    assert.ok(full - from < 2_000, `${full - from} events of 10 kB were taken`)
    one.socket.destroy()
  })

  test('holds no more after many events than after few', async () => {
    const one = listen('/api/flood')
    one.socket.removeAllListeners('data').resume()
    const from = given
    while (given < from + 2_000) await sleep(5)
    const before = heapInUse()
    while (given < from + 12_000) await sleep(5)
    assert.ok(heapInUse() - before < 3 * 2 ** 20)
    one.socket.destroy()
  })

  test('whose source fails breaks off, and the log says why', async () => {
    const got = await fetch(`${it.url}/api/failing`)
    await assert.rejects(got.text())
    assert.ok(it.lines.some(line => JSON.stringify(line).includes('the source is dry')))
  })

  test('whose source fails when nobody listens any more troubles nobody', async () => {
    const one = listen('/api/late')
    await one.until(/retry/)
    one.socket.destroy()
    await sleep(80)
    assert.equal(open, 0)
  })

  test('asked for by HEAD is not begun for ever', async () => {
    await fetch(`${it.url}/api/flood`, { method: 'HEAD' })
    for (let waits = 0; open > 0 && waits < 50; waits += 1) await sleep(10)
    assert.equal(open, 0)
  })

  test('ends at once, and well, when the server stops', async () => {
    const first = it
    const many = ['/api/silent', '/api/flood', '/api/silent'].map(path => listen(path))
    await Promise.all(many.map(one => one.until(/retry/)))
    many[1]?.socket.removeAllListeners('data').resume()
    const begun = Date.now()
    const stopped = first.stop()
    const heard = await Promise.all(many.map(one => one.closed))
    assert.ok(Date.now() - begun < 300, `${Date.now() - begun} ms`)
    assert.match(heard[0] ?? '', /\r\n0\r\n\r\n$/)
    await stopped
    assert.equal(open, 0)
    it = await start()
  })
})
