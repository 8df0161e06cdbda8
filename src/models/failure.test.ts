import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, test } from 'node:test'
import { Fault } from '#errors.ts'
import { makeOutbound } from '#http/outbound.ts'
import { silent } from '#log.ts'
import { Refused, TryLater } from '#sdk/fail.ts'
import {
  type Answer,
  asking,
  candidate,
  chunk,
  DIALECTS,
  dialectOf,
  KEY,
  openAt,
  openWire,
  reply,
  startWire,
  stream,
} from './testing.ts'

const { out, wire } = await openWire()
const never = new AbortController().signal

type Failed = { error: Refused | TryLater | Fault; heard: string[] }

async function failing(dialect: (typeof DIALECTS)[number], answer: Answer, more = {}): Promise<Failed> {
  wire.says(answer)
  const opened = await openAt(dialect, wire.url, out)
  const heard: string[] = []
  try {
    await opened.ask(dialect.model, asking('Hello', more), { signal: never, text: piece => heard.push(piece) })
  } catch (error) {
    assert.ok(error instanceof Refused || error instanceof TryLater || error instanceof Fault, String(error))
    for (const words of [error.message, String(error.stack), JSON.stringify(error)]) assert.ok(!words.includes(KEY), words)
    assert.equal(wire.sent.length, 1, 'it was asked once')
    return { error, heard }
  }
  throw new Error('it did not fail')
}

const after3s = { 'retry-after': '3' }
const date = { date: 'Fri, 20 Nov 2026 10:00:00 GMT', 'retry-after': 'Fri, 20 Nov 2026 10:01:30 GMT' }

/** What is answered, and what that means. */
const STATUSES: [status: number, headers: Record<string, string>, refused: boolean, code: string, after?: number | null][] = [
  [400, {}, true, 'model.refused'],
  [401, {}, true, 'model.key_refused'],
  [402, {}, true, 'model.no_credit'],
  [403, {}, true, 'model.key_refused'],
  [404, {}, true, 'model.unknown'],
  [408, {}, false, 'model.down', null],
  [409, {}, false, 'model.down', null],
  [413, {}, true, 'model.refused'],
  [422, {}, true, 'model.refused'],
  [429, {}, false, 'model.busy', null],
  [429, after3s, false, 'model.busy', 3_000],
  [429, { 'retry-after': '0.5' }, false, 'model.busy', 500],
  [429, date, false, 'model.busy', 90_000],
  [429, { ...after3s, 'retry-after-ms': '250' }, false, 'model.busy', 250],
  [429, { 'retry-after': 'soon' }, false, 'model.busy', null],
  [429, { 'retry-after': '' }, false, 'model.busy', null],
  [500, {}, false, 'model.down', null],
  [503, after3s, false, 'model.down', 3_000],
  [529, {}, false, 'model.down', null],
]

for (const dialect of DIALECTS)
  describe(`what goes wrong with ${dialect.provider.title}`, () => {
    test('is told by its status, in its own words and without the key', async () => {
      for (const [status, headers, refused, code, wait = null] of STATUSES) {
        const words = `Alas, ${status} with the key ${KEY}.`
        const { error } = await failing(dialect, reply(dialect.failure(words), status, headers))
        assert.equal(error instanceof Refused, refused, `${status}: ${error.name}`)
        assert.equal(error.code, code, String(status))
        assert.ok(error.message.includes(`Alas, ${status} with the key …`), error.message)
        if (error instanceof TryLater) assert.equal(error.after, wait, `${status} ${JSON.stringify(headers)}`)
      }
    })

    test('is told where there is no JSON, or nothing', async () => {
      const page = await failing(dialect, reply('<html><h1>nginx</h1></html>', 502, { 'content-type': 'text/html' }))
      assert.match(page.error.message, /502: Bad Gateway$/)
      assert.match((await failing(dialect, reply('', 503))).error.message, /503: Service Unavailable$/)
      assert.match((await failing(dialect, reply('no such model', 404))).error.message, /: no such model$/)
      assert.match((await failing(dialect, reply({ error: 'model "x" not found' }, 404))).error.message, /: model "x" not found$/)
      assert.match((await failing(dialect, reply({ detail: [{ msg: 'too hot' }] }, 422))).error.message, /\(422\): too hot$/)
      assert.ok((await failing(dialect, reply({ error: { message: 'x'.repeat(9_000) } }, 400))).error.message.length < 800)
    })

    test('a cut stream has what came of it', async () => {
      const frames = dialect.text(['One ', 'two ', 'three'])
      const upTo = frames.slice(0, frames.findIndex(frame => frame.includes('"two "')) + 1)
      for (const end of ['end', 'break'] as const) {
        const { error, heard } = await failing(dialect, stream(upTo, end))
        assert.ok(error instanceof TryLater)
        assert.equal(error.code, 'model.cut')
        assert.deepEqual([error.details, heard], [{ text: 'One two ' }, ['One ', 'two ']])
      }
    })

    test('a stream that breaks before its first word can be asked for again', async () => {
      const { error } = await failing(dialect, stream([': hello\n\n'], 'break'))
      assert.ok(error instanceof Fault)
      assert.deepEqual([error.code, error.status], ['outbound.unreachable', 502])
      assert.match(error.message, /hung up before the answer was complete/)
      const ended = await failing(dialect, stream([]))
      assert.ok(ended.error instanceof TryLater)
      assert.match(ended.error.code, /^model\.(cut|garbled)$/)
    })

    test('an answer that is shorter than it says is cut', async () => {
      const { error } = await failing(dialect, response => {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-length': '100000' })
        response.write(dialect.text(['One ', 'two']).slice(0, -2).join(''), () => response.destroy())
      })
      assert.ok(error instanceof TryLater)
      assert.equal(error.code, 'model.cut')
      assert.match(JSON.stringify(error.details), /One /)
    })

    test('an error in the middle of a stream ends it', async () => {
      const frames = dialect.text(['One ', 'two'])
      const upTo = frames.slice(0, frames.findIndex(frame => frame.includes('"One "')) + 1)
      const { error } = await failing(dialect, stream([...upTo, dialect.trouble, ...frames.slice(upTo.length)]))
      assert.ok(error instanceof TryLater)
      assert.equal(error.code, 'model.cut')
      assert.match(error.message, /it fell over/)
      assert.deepEqual(error.details, { text: 'One ' })
    })

    test('an error at the start of a stream is one of the service, and hangs up', async () => {
      const own = await startWire()
      own.says(stream([dialect.trouble], 'open'))
      const opened = await openAt(dialect, own.url, out)
      await assert.rejects(opened.ask(dialect.model, asking('Hello'), { signal: never }), {
        name: 'TryLater',
        code: 'model.down',
        message: /it fell over/,
      })
      await own.hungUp
      await own.stop()
    })

    test('what is no JSON in a stream is garbled', async () => {
      const { error } = await failing(dialect, stream(['data: {"type": "resp\n\n']))
      assert.ok(error instanceof TryLater)
      assert.equal(error.code, 'model.garbled')
      // The package of Anthropic does not say what it could not read at the start.
      if (dialect.provider.id !== 'anthropic') assert.match(error.message, /\{"type": "resp$/)
    })

    test('something else at the address is named', async () => {
      const page = reply('<html>Welcome to nginx</html>', 200, { 'content-type': 'text/html' })
      const { error } = await failing(dialect, page)
      assert.deepEqual([error.name, error.code], ['Refused', 'model.wrong_address'])
      assert.match(error.message, /text\/html/)
    })

    test('a redirect is not followed', async () => {
      const { error } = await failing(dialect, reply('', 307, { location: 'https://elsewhere.example/v1' }))
      assert.deepEqual([error.name, error.code], ['Refused', 'model.wrong_address'])
      assert.match(error.message, /307 and leads to https:\/\/elsewhere\.example\/v1/)
    })

    test('a host that says nothing is given up', async () => {
      for (const said of [[], [': thinking\n\n']]) {
        wire.says(said.length > 0 ? stream(said, 'open') : () => {})
        const opened = await openAt(dialect, wire.url, out, { silence: 60, whole: 60_000 })
        await assert.rejects(opened.ask(dialect.model, asking('Hello'), { signal: never }), (error: unknown) => {
          assert.ok(error instanceof Fault)
          assert.equal(error.code, 'outbound.timeout')
          assert.match(error.message, /^127\.0\.0\.1:\d+ said nothing for 0\.06 seconds\.$/)
          return true
        })
      }
    })

    test('giving up in the middle ends the connection', async () => {
      const own = await startWire()
      const frames = dialect.text(['One ', 'two'])
      own.says(stream(frames.slice(0, frames.findIndex(frame => frame.includes('"One "')) + 1), 'open'))
      const opened = await openAt(dialect, own.url, out)
      const stop = new AbortController()
      const reason = new Error('the person has gone')
      const going = opened.ask(dialect.model, asking('Hello'), { signal: stop.signal, text: () => stop.abort(reason) })
      await assert.rejects(going, reason)
      await own.hungUp
      await own.stop()
    })

    test('a listener that fails ends it too', async () => {
      const own = await startWire()
      const frames = dialect.text(['One ', 'two'])
      own.says(stream(frames.slice(0, frames.findIndex(frame => frame.includes('"One "')) + 1), 'open'))
      const opened = await openAt(dialect, own.url, out)
      const reason = new Error('our own mistake')
      const going = opened.ask(dialect.model, asking('Hello'), {
        signal: never,
        text() {
          throw reason
        },
      })
      await assert.rejects(going, reason)
      await own.hungUp
      await own.stop()
    })

    test('the faults of the guard come through as they are', async () => {
      const guarded = makeOutbound({ allow: [], log: silent })
      const blocked = await openAt(dialect, wire.url, guarded)
      await assert.rejects(blocked.ask(dialect.model, asking('Hello'), { signal: never }), {
        name: 'Fault',
        code: 'outbound.blocked',
      })
      await guarded.close()
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      const where = server.address()
      const url = `http://127.0.0.1:${typeof where === 'object' && where ? where.port : 0}`
      server.close()
      await once(server, 'close')
      const nobody = await openAt(dialect, url, out)
      await assert.rejects(nobody.ask(dialect.model, asking('Hello'), { signal: never }), {
        name: 'Fault',
        code: 'outbound.unreachable',
        message: /nothing listens at this port/,
      })
    })

    test('a file that no such model reads is refused before it is sent', async () => {
      if (dialect.provider.id === 'google') return
      wire.says(stream(dialect.text(['Hi'])))
      const opened = await openAt(dialect, wire.url, out)
      const parts = [{ is: 'file' as const, bytes: new Uint8Array([1, 2]), type: 'application/zip', name: 'a.zip' }]
      await assert.rejects(
        opened.ask(dialect.model, { model: 'x', messages: [{ role: 'user', parts }] }, { signal: never }),
        (error: unknown) => error instanceof Refused && error.code === 'model.unable' && /application\/zip/.test(error.message),
      )
      assert.equal(wire.sent.length, 0)
    })
  })

describe('what some providers mean', () => {
  const rows: [id: string, status: number, body: unknown, code: string, after?: number][] = [
    [
      'openai',
      429,
      { error: { message: 'Check your plan and billing details.', code: 'insufficient_quota' } },
      'model.no_credit',
    ],
    ['openai', 429, { error: { message: 'Slow down.', code: 'rate_limit_exceeded' } }, 'model.busy'],
    ['openai', 400, { error: { message: 'Too long.', code: 'context_length_exceeded' } }, 'model.too_long'],
    ['openai', 400, { error: { message: 'No.', code: 'content_policy_violation' } }, 'model.filtered'],
    [
      'anthropic',
      400,
      { type: 'error', error: { type: 'invalid_request_error', message: 'Your credit balance is too low.' } },
      'model.no_credit',
    ],
    [
      'anthropic',
      400,
      { type: 'error', error: { type: 'invalid_request_error', message: 'prompt is too long: 9 tokens > 8' } },
      'model.too_long',
    ],
    [
      'google',
      400,
      {
        error: { code: 400, status: 'INVALID_ARGUMENT', message: 'API key not valid.', details: [{ reason: 'API_KEY_INVALID' }] },
      },
      'model.key_refused',
    ],
    [
      'google',
      429,
      {
        error: {
          code: 429,
          status: 'RESOURCE_EXHAUSTED',
          message: 'You exceeded your current quota, please check your plan and billing details.',
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.5s' }],
        },
      },
      'model.busy',
      34_500,
    ],
    ['google', 400, [{ error: { code: 400, status: 'X', message: 'in a list' } }], 'model.refused'],
    ['compatible', 402, { error: { message: 'Insufficient Balance' } }, 'model.no_credit'],
  ]
  for (const [id, status, body, code, wait] of rows)
    test(`${id} with ${status} and ${JSON.stringify(body).slice(0, 90)}`, async () => {
      const { error } = await failing(dialectOf(id), reply(body, status))
      assert.equal(error.code, code)
      if (wait !== undefined) assert.equal(error instanceof TryLater && error.after, wait)
    })

  test('a request that is refused in the middle of a stream is not tried again', async () => {
    const frame = `data: ${JSON.stringify({ error: { message: 'not that', type: 'invalid_request_error', code: null } })}\n\n`
    const { error } = await failing(dialectOf('compatible'), stream([chunk({ content: 'One' }), frame]))
    assert.ok(error instanceof Refused)
    assert.deepEqual([error.code, error.details], ['model.refused', { text: 'One' }])
  })

  test('a server that has only a word for its trouble is heard', async () => {
    const { error } = await failing(dialectOf('compatible'), stream(['data: {"error":"out of memory"}\n\n']))
    assert.deepEqual([error.code, /out of memory/.test(error.message)], ['model.down', true])
  })

  test('a call that Google could not write is tried again', async () => {
    const { error } = await failing(dialectOf('google'), stream([candidate([], 'MALFORMED_FUNCTION_CALL')]))
    assert.deepEqual([error.name, error.code], ['TryLater', 'model.cut'])
    assert.match(error.message, /MALFORMED_FUNCTION_CALL/)
  })

  test('the stream of an older API of OpenAI is named', async () => {
    const { error } = await failing(dialectOf('openai'), stream(dialectOf('compatible').text(['Hi'])))
    assert.deepEqual([error.name, error.code], ['Refused', 'model.wrong_address'])
  })
})
