import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { Refused, TryLater } from '#sdk/fail.ts'
import { type Answer, DIALECTS, dialectOf, KEY, openAt, openWire, reply } from './testing.ts'

const { out, wire } = await openWire()
const never = new AbortController().signal

const opened = async (id: string, ...answers: Answer[]) => {
  wire.says(...answers)
  return openAt(dialectOf(id), wire.url, out)
}

describe('the list of models', () => {
  const list = async (id: string, ...answers: Answer[]) => (await (await opened(id, ...answers)).list?.(never)) ?? []

  test('of OpenAI', async () => {
    const data = [{ id: 'gpt-5', object: 'model' }, { id: 'gpt-5-2025-08-07' }, { id: 'text-embedding-3-small' }, { id: 'ft:x' }]
    const models = await list('openai', reply({ object: 'list', data }))
    assert.deepEqual(
      models.map(({ name, title }) => [name, title]),
      [
        ['gpt-5', 'GPT-5'],
        ['gpt-5-2025-08-07', 'GPT-5'],
        ['text-embedding-3-small', 'Embedding 3 small'],
        ['ft:x', 'ft:x'],
      ],
    )
    assert.deepEqual([models[2]?.abilities, models[3]?.abilities, models[3]?.context], [['embeds'], ['text'], null])
    const [sent] = wire.sent
    assert.deepEqual([sent?.method, sent?.path, sent?.headers.authorization], ['GET', '/v1/models', `Bearer ${KEY}`])
  })

  test('of Anthropic, on all its pages', async () => {
    const page = (names: string[], has_more: boolean) =>
      reply({ data: names.map(id => ({ id, display_name: `M ${id}` })), has_more, last_id: names.at(-1) })
    const models = await list('anthropic', page(['a', 'b'], true), page(['c'], false))
    assert.deepEqual(
      models.map(({ title }) => title),
      ['M a', 'M b', 'M c'],
    )
    assert.deepEqual(
      wire.sent.map(({ path }) => path),
      ['/v1/models?limit=1000', '/v1/models?limit=1000&after_id=b'],
    )
    assert.deepEqual([wire.sent[1]?.headers['x-api-key'], wire.sent[1]?.headers['anthropic-version']], [KEY, '2023-06-01'])
  })

  test('of Google, on all its pages', async () => {
    const [one, two] = [
      {
        name: 'models/gemini-2.5-pro',
        displayName: 'Gemini',
        inputTokenLimit: 7,
        supportedGenerationMethods: ['generateContent'],
      },
      { name: 'models/new-embedder', inputTokenLimit: 8, supportedGenerationMethods: ['embedContent'] },
    ]
    const models = await list('google', reply({ models: [one], nextPageToken: 'p 2' }), reply({ models: [two] }))
    assert.deepEqual(
      models.map(({ name, context, abilities }) => [name, context, abilities.includes('embeds')]),
      [
        ['gemini-2.5-pro', 7, false],
        ['new-embedder', 8, true],
      ],
    )
    assert.deepEqual(
      wire.sent.map(({ path, headers }) => [path, headers['x-goog-api-key']]),
      [
        ['/v1beta/models?pageSize=1000', KEY],
        ['/v1beta/models?pageSize=1000&pageToken=p+2', KEY],
      ],
    )
  })

  test('of a server that speaks as OpenAI does', async () => {
    const models = await list('compatible', reply({ object: 'list', data: [{ id: 'llama3:8b' }] }))
    assert.deepEqual(models, [{ name: 'llama3:8b', title: 'llama3:8b', abilities: ['text'], context: null }])
    assert.deepEqual(await list('compatible', reply({ object: 'list', data: null })), [])
  })

  test('ends, though a server says that there is always more', async () => {
    const models = await list('anthropic', reply({ data: [{ id: 'a' }], has_more: true, last_id: 'a' }))
    assert.equal(wire.sent.length, models.length)
    assert.ok(models.length <= 100)
  })

  for (const { provider } of DIALECTS)
    test(`says what ${provider.title} says against it, without the key`, async () => {
      const refused = async (answer: Answer) => {
        const error = await list(provider.id, answer).then(
          () => null,
          error => error,
        )
        assert.ok(error instanceof Refused || error instanceof TryLater)
        assert.ok(!String(error.stack).includes(KEY), error.message)
        return `${error.name} ${error.code}: ${error.message}`
      }
      assert.match(await refused(reply({ error: { message: `Wrong: ${KEY}` } }, 401)), /^Refused model\.key_refused: .*Wrong: …$/)
      assert.match(await refused(reply({ error: 'off' }, 500)), /^TryLater model\.down: .*off$/)
      assert.match(await refused(reply('<html>', 200)), /^TryLater model\.garbled: .*<html>$/)
      assert.match(await refused(reply('', 302, { location: '/login' })), /^Refused model\.wrong_address: .*\/login/)
    })
})

describe('vectors', () => {
  const of = (body: { input?: string[]; requests?: unknown[] }) => body.input ?? body.requests ?? ['']

  test('come in the order of the texts, in as many calls as the API needs', async () => {
    const openai: Answer = (response, { body }) => {
      const data = of(body).map((text, index) => ({ index, embedding: [Number(text), 0.5] }))
      return reply({ data, usage: { prompt_tokens: data.length } })(response, { method: '', path: '', headers: {}, body })
    }
    const many = Array.from({ length: 2_100 }, (_none, at) => String(at))
    for (const id of ['openai', 'compatible']) {
      const { vectors, tokens } = (await (await opened(id, openai)).embed?.('text-embedding-3-small', many, never)) ?? {
        vectors: [],
      }
      assert.deepEqual([vectors.length, vectors[0], vectors.at(-1)], [2_100, [0, 0.5], [2_099, 0.5]])
      assert.deepEqual(tokens, { input: 2_100, output: 0, cached: null, reasoning: null })
      assert.equal(wire.sent[0]?.path, '/v1/embeddings')
      assert.ok(wire.sent.length > 1)
    }
  })

  test('of Google', async () => {
    const google = await opened('google', (response, sent) =>
      reply({ embeddings: of(sent.body).map((_none, at) => ({ values: [at] })) })(response, sent),
    )
    const { vectors, tokens } = (await google.embed?.('gemini-embedding-001', Array(150).fill('x'), never)) ?? { vectors: [] }
    assert.deepEqual([vectors.length, vectors[149], tokens?.input], [150, [49], 0])
    assert.deepEqual(
      wire.sent.map(({ path }) => path),
      Array(2).fill('/v1beta/models/gemini-embedding-001:batchEmbedContents'),
    )
  })

  test('fail as answers do', async () => {
    const openai = await opened('openai', reply({ error: { message: `no ${KEY}` } }, 429, { 'retry-after': '2' }))
    await assert.rejects(openai.embed?.('text-embedding-3-small', ['a'], never) ?? Promise.resolve(), (error: unknown) => {
      assert.ok(error instanceof TryLater)
      assert.deepEqual([error.code, error.after], ['model.busy', 2_000])
      return error.message.endsWith('no …')
    })
    const stop = AbortSignal.abort(new Error('gone'))
    await assert.rejects(openai.embed?.('text-embedding-3-small', ['a'], stop) ?? Promise.resolve(), /^Error: gone$/)
  })
})

describe('pictures', () => {
  const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 1])
  const WEBP = Buffer.from('RIFF0000WEBP')
  const b64_json = PNG.toString('base64')

  test('of OpenAI', async () => {
    const usage = { input_tokens: 3, output_tokens: 9, total_tokens: 12 }
    const openai = await opened('openai', reply({ data: [{ b64_json }, { b64_json: WEBP.toString('base64') }], usage }))
    const made = await openai.draw?.('gpt-image-1', { prompt: 'A cat', count: 2, size: '1024x1536' }, never)
    assert.deepEqual(
      made?.images.map(({ bytes, type }) => [Buffer.from(bytes), type]),
      [
        [PNG, 'image/png'],
        [WEBP, 'image/webp'],
      ],
    )
    assert.deepEqual(made?.tokens, { input: 3, output: 9, cached: null, reasoning: null })
    const [sent] = wire.sent
    assert.deepEqual(
      [sent?.path, sent?.body],
      ['/v1/images/generations', { model: 'gpt-image-1', prompt: 'A cat', n: 2, size: '1024x1536' }],
    )
  })

  test('are drawn one after the other where the API draws one', async () => {
    const openai = await opened('openai', reply({ data: [{ b64_json }] }))
    const made = await openai.draw?.('dall-e-3', { prompt: 'A cat', count: 3, size: 'large' }, never)
    assert.deepEqual([made?.images.length, wire.sent.length], [3, 3])
    assert.deepEqual(wire.sent[0]?.body, { model: 'dall-e-3', prompt: 'A cat', n: 1, response_format: 'b64_json' })
  })

  test('of Google', async () => {
    const parts = [{ text: 'Here.' }, { inlineData: { mimeType: 'image/png', data: b64_json } }]
    const usageMetadata = { promptTokenCount: 4, candidatesTokenCount: 1290, totalTokenCount: 1294 }
    const google = await opened('google', reply({ candidates: [{ content: { parts }, finishReason: 'STOP' }], usageMetadata }))
    const made = await google.draw?.('gemini-2.5-flash-image', { prompt: 'A cat', count: 1, size: '16:9', seed: 5 }, never)
    assert.deepEqual([made?.images[0]?.type, made?.tokens.input, made?.tokens.output], ['image/png', 4, 1290])
    assert.deepEqual(wire.sent[0]?.body.generationConfig, {
      seed: 5,
      responseModalities: ['IMAGE'],
      imageConfig: { aspectRatio: '16:9' },
    })
    await assert.rejects(google.draw?.('imagen-4', { prompt: 'A cat', count: 1 }, never) ?? Promise.resolve(), {
      code: 'model.unable',
    })
  })

  test('of a server that speaks as OpenAI does, also where it answers with an address of its own', async () => {
    const server = await opened('compatible', (response, sent) =>
      sent.method === 'GET'
        ? void response.writeHead(200, { 'content-type': 'image/png' }).end(PNG)
        : reply({ data: [{ url: `${wire.url}/p.png` }] })(response, sent),
    )
    const made = await server.draw?.('sd', { prompt: 'A cat', count: 1 }, never)
    assert.deepEqual(
      made?.images.map(({ bytes }) => Buffer.from(bytes)),
      [PNG],
    )
  })

  test('that the provider does not want to draw', async () => {
    const google = await opened('google', reply({ candidates: [{ content: { parts: [] }, finishReason: 'IMAGE_SAFETY' }] }))
    await assert.rejects(google.draw?.('gemini-2.5-flash-image', { prompt: 'X', count: 1 }, never) ?? Promise.resolve(), {
      name: 'Refused',
      code: 'model.filtered',
    })
    const openai = await opened('openai', reply({ error: { message: 'Not that.', code: 'moderation_blocked' } }, 400))
    await assert.rejects(openai.draw?.('gpt-image-1', { prompt: 'X', count: 1 }, never) ?? Promise.resolve(), {
      name: 'Refused',
      code: 'model.filtered',
      message: 'The provider does not answer this: Not that.',
    })
  })
})

test('the packages of the vendors are loaded when a provider is opened, not before', async () => {
  const code = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
    for (const id of ['openai', 'anthropic', 'google', 'compatible']) await import('#models/' + id + '.ts')
    const vendors = () => loaded.flatMap(url => /@ai-sdk\\/([\\w-]+)/.exec(url)?.[1] ?? []).filter(name => name !== 'provider')
    const before = vendors()
    const { openai } = await import('#models/openai.ts')
    await openai.open({ apiKey: 'x' }, fetch)
    console.log(JSON.stringify([before, [...new Set(vendors())].toSorted()]))`
  const { stdout: said } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code])
  assert.deepEqual(JSON.parse(said), [[], ['openai', 'provider-utils']])
})
