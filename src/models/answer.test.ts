import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asking, block, blocks, candidate, chunk, DIALECTS, DONE, dialectOf, openAt, openWire, stream } from './testing.ts'

const { out, wire } = await openWire()
const never = new AbortController().signal

const PIECES = ['Grüße', ' aus ', '東京', '', ' 🚀!']
const WHOLE = PIECES.join('')
const WEATHER = {
  name: 'weather',
  about: 'Tells the weather.',
  input: { type: 'object', properties: { city: { type: 'string' } } },
}

for (const dialect of DIALECTS)
  describe(`an answer of ${dialect.provider.title}`, () => {
    const ask = async (pieces: readonly (string | Uint8Array)[], more = {}) => {
      wire.says(stream(pieces))
      const heard: string[] = []
      const opened = await openAt(dialect, wire.url, out)
      const reply = await opened.ask(dialect.model, asking('Hello', more), { signal: never, text: piece => heard.push(piece) })
      return { reply, heard }
    }

    test('comes in pieces, in order and whole, with its counts', async () => {
      const { reply, heard } = await ask(dialect.text(PIECES))
      assert.deepEqual(
        heard,
        PIECES.filter(piece => piece !== ''),
      )
      assert.equal(reply.text, WHOLE)
      assert.equal(reply.parts.length, 1)
      assert.equal(reply.finish, 'stop')
      assert.equal(reply.model, dialect.named)
      assert.deepEqual(reply.tokens, { input: 10, output: 5, cached: 2, reasoning: 1 })
    })

    test('is heard while it goes on', async () => {
      const going = Promise.withResolvers<void>()
      const [first = '', ...rest] = split(dialect.text(['one', 'two']), 'one')
      wire.says(async response => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(first)
        await going.promise
        response.end(rest.join(''))
      })
      const opened = await openAt(dialect, wire.url, out)
      const heard: string[] = []
      const reply = await opened.ask(dialect.model, asking('Hello'), {
        signal: never,
        text(piece) {
          heard.push(piece)
          if (piece === 'one') going.resolve()
        },
      })
      assert.deepEqual([heard, reply.text], [['one', 'two'], 'onetwo'])
    })

    test('may be cut into bytes anywhere', async () => {
      const bytes = Buffer.from(dialect.text(PIECES).join(''))
      const every = Array.from({ length: Math.ceil(bytes.length / 7) }, (_none, at) => bytes.subarray(at * 7, at * 7 + 7))
      const { reply, heard } = await ask(every)
      assert.equal(reply.text, WHOLE)
      assert.equal(heard.join(''), WHOLE)
    })

    test('may have other line ends, comments, keep-alives and a mark at its start', async () => {
      const odd = dialect.text(PIECES).map(frame => `: keep-alive\r\n\r\nid: 7\r\n${frame.replaceAll('\n', '\r\n')}`)
      assert.equal((await ask([`\ufeff: hello\r\n\r\n`, ...odd])).reply.text, WHOLE)
    })

    test('may be long', async () => {
      const many = Array.from({ length: 2_000 }, (_none, at) => `${String(at).padStart(4, '0')} ${'x'.repeat(95)}`)
      const { reply, heard } = await ask(dialect.text(many))
      assert.equal(reply.text.length, 200_000)
      assert.equal(reply.text, many.join(''))
      assert.equal(heard.length, 2_000)
    })

    test('may be empty', async () => {
      const { reply, heard } = await ask(dialect.text([]))
      assert.deepEqual([reply.text, heard, reply.calls, reply.finish], ['', [], [], 'stop'])
    })

    test('says why it ended', async () => {
      const { length, filtered } = dialect.finishes
      assert.equal((await ask(dialect.text(['a'], length))).reply.finish, 'length')
      assert.equal((await ask(dialect.text(['a'], filtered))).reply.finish, 'filtered')
    })

    test('may call tools, several at once', async () => {
      const { reply, heard } = await ask(
        dialect.calls(
          { id: 'call_1', tool: 'weather', input: ['{"ci', 'ty":"Köln"}'] },
          { id: 'call_2', tool: 'weather', input: ['{"city":"Rom"}'] },
        ),
        { tools: [WEATHER] },
      )
      assert.deepEqual(
        reply.calls.map(({ id, tool, input }) => [id, tool, input]),
        [
          ['call_1', 'weather', { city: 'Köln' }],
          ['call_2', 'weather', { city: 'Rom' }],
        ],
      )
      assert.equal(reply.finish, 'tools')
      assert.equal(reply.parts.length, 2)
      assert.deepEqual([reply.text, heard], ['', []])
    })

    // Google sends the input as an object; it cannot be broken there.
    if (dialect.provider.id !== 'google')
      test('keeps what a model wrote instead of the input of a tool', async () => {
        for (const written of ['{"city": "Kö', '"Rom"', '[1]', 'null']) {
          const { reply } = await ask(dialect.calls({ id: 'call_1', tool: 'weather', input: [written] }), { tools: [WEATHER] })
          assert.deepEqual(
            reply.calls.map(({ input, broken }) => [input, broken]),
            [[null, written]],
          )
        }
        const { reply } = await ask(dialect.calls({ id: 'call_1', tool: 'now', input: [] }), { tools: [WEATHER] })
        assert.deepEqual(
          reply.calls.map(({ input }) => input),
          [{}],
        )
      })
  })

/** Frames up to the one with a word in it, and the rest. */
function split(frames: string[], word: string): string[] {
  const at = frames.findIndex(frame => frame.includes(`"${word}"`))
  return [frames.slice(0, at + 1).join(''), frames.slice(at + 1).join('')]
}

describe('what only some of them say', () => {
  const answer = async (id: string, frames: string[]) => {
    const dialect = dialectOf(id)
    wire.says(stream(frames))
    return (await openAt(dialect, wire.url, out)).ask(dialect.model, asking('Hello'), { signal: never })
  }

  test('a server that speaks as OpenAI does need not say how it ends, nor count', async () => {
    const reply = await answer('compatible', [chunk({ content: 'Hi' }), chunk({}, 'stop')])
    assert.deepEqual([reply.text, reply.tokens], ['Hi', { input: 0, output: 0, cached: null, reasoning: null }])
    const usage = { prompt_tokens: 3, completion_tokens: 4 }
    const plain = await answer('compatible', [
      chunk({ content: 'Hi' }),
      chunk({}, 'stop'),
      `data: ${JSON.stringify({ choices: [], usage })}\n\n`,
      DONE,
    ])
    assert.deepEqual(plain.tokens, { input: 3, output: 4, cached: null, reasoning: null })
  })

  test('it may call a tool and say that it just stops', async () => {
    const call = { index: 0, id: 'c1', function: { name: 'weather', arguments: '{}' } }
    const reply = await answer('compatible', [chunk({ tool_calls: [call] }), chunk({}, 'stop'), DONE])
    assert.deepEqual([reply.finish, reply.calls.length], ['tools', 1])
  })

  test('it may think before it answers', async () => {
    const reply = await answer('compatible', [
      chunk({ reasoning_content: 'Hm' }),
      chunk({ reasoning: ', so' }),
      chunk({ content: 'Hi' }),
      chunk({}, 'stop'),
      DONE,
    ])
    assert.deepEqual(reply.parts, [
      { is: 'thought', text: 'Hm, so' },
      { is: 'text', text: 'Hi' },
    ])
    assert.equal(reply.text, 'Hi')
  })

  test('Google may answer with a picture', async () => {
    const data = Buffer.from('a picture').toString('base64')
    const reply = await answer('google', [
      candidate([{ text: 'Here:' }, { inlineData: { mimeType: 'image/png', data }, thoughtSignature: 'sig' }], 'STOP'),
    ])
    const [, picture] = reply.parts
    assert.ok(picture?.is === 'file')
    assert.deepEqual(
      [Buffer.from(picture.bytes).toString(), picture.type, picture.kept],
      ['a picture', 'image/png', { google: { thoughtSignature: 'sig' } }],
    )
  })

  test('what a provider has done itself is not asked of us', async () => {
    const code = { executableCode: { language: 'PYTHON', code: 'print(1)' } }
    const reply = await answer('google', [candidate([code, { text: '1' }], 'STOP')])
    assert.deepEqual([reply.calls, reply.text, reply.finish], [[], '1', 'stop'])
  })

  test('Google may refuse the question itself', async () => {
    const frame = `data: ${JSON.stringify({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 4 } })}\n\n`
    const reply = await answer('google', [frame])
    assert.deepEqual(
      [reply.text, reply.finish, reply.tokens],
      ['', 'filtered', { input: 4, output: 0, cached: null, reasoning: null }],
    )
  })

  test('Anthropic may think aloud, or sealed', async () => {
    const reply = await answer(
      'anthropic',
      blocks(
        'end_turn',
        block(0, { type: 'thinking', thinking: '', signature: '' }, [
          { type: 'thinking_delta', thinking: 'Let me ' },
          { type: 'thinking_delta', thinking: 'see.' },
          { type: 'signature_delta', signature: 'c2lnbmVk' },
        ]),
        block(1, { type: 'redacted_thinking', data: 'c2VhbGVk' }, []),
        block(2, { type: 'text', text: '' }, [{ type: 'text_delta', text: 'Yes.' }]),
      ),
    )
    assert.deepEqual(reply.parts, [
      { is: 'thought', text: 'Let me see.', kept: { anthropic: { signature: 'c2lnbmVk' } } },
      { is: 'thought', text: '', kept: { anthropic: { redactedData: 'c2VhbGVk' } } },
      { is: 'text', text: 'Yes.' },
    ])
  })
})
