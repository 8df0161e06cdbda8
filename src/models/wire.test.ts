import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Ask, Message, Part, Reply } from '#sdk/model.ts'
import { fetchThrough } from './fetch.ts'
import { ollama } from './ollama.ts'
import {
  asking,
  block,
  blocks,
  candidate,
  chunk,
  DIALECTS,
  DONE,
  dialectOf,
  KEY,
  openAt,
  openWire,
  type Sent,
  stream,
} from './testing.ts'

const { out, wire } = await openWire()
const never = new AbortController().signal

/** Asks, and tells what was sent. */
async function sentFor(id: string, ask: Ask, model?: string): Promise<Sent> {
  const dialect = dialectOf(id)
  wire.says(stream(dialect.text(['Hi'])))
  await (await openAt(dialect, wire.url, out)).ask(model ?? dialect.model, ask, { signal: never })
  const [sent] = wire.sent
  assert.ok(sent)
  return sent
}

/** Asks a server that answers so, and goes on with what it said. */
async function goneOn(id: string, frames: string[], results: Part[] = []): Promise<{ said: Omit<Reply, 'cost'>; sent: Sent }> {
  const dialect = dialectOf(id)
  wire.says(stream(frames))
  const first = asking('Hello', { tools: [WEATHER] })
  const said = await (await openAt(dialect, wire.url, out)).ask(dialect.model, first, { signal: never })
  // It goes through the journal of an execution, which is JSON.
  const kept: Part[] = JSON.parse(JSON.stringify(said.parts))
  const turns: Message[] = [{ role: 'assistant', parts: kept }]
  const last: Message =
    results.length > 0 ? { role: 'tool', parts: results } : { role: 'user', parts: [{ is: 'text', text: 'On.' }] }
  const sent = await sentFor(id, { ...first, messages: [...first.messages, ...turns, last] })
  return { said, sent }
}

const WEATHER = {
  name: 'weather',
  about: 'Tells the weather.',
  input: { type: 'object', properties: { city: { type: 'string' } } },
}
const SCHEMA = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false }
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3])
const BASE64 = Buffer.from(PNG).toString('base64')
const PDF = Buffer.from('%PDF-1.7').toString('base64')

const TALK: Ask = {
  model: 'x',
  system: 'Be kind.',
  messages: [
    {
      role: 'user',
      parts: [
        { is: 'text', text: 'Look' },
        { is: 'file', bytes: PNG, type: 'image/png', name: 'p.png' },
        { is: 'file', bytes: new TextEncoder().encode('ä,b'), type: 'text/csv', name: 't.csv' },
        { is: 'file', bytes: Buffer.from(PDF, 'base64'), type: 'application/pdf', name: 'd.pdf' },
      ],
    },
    {
      role: 'assistant',
      parts: [
        { is: 'text', text: 'I ask.' },
        { is: 'call', id: 'c1', tool: 'weather', input: { city: 'Köln' } },
        { is: 'call', id: 'c2', tool: 'weather', input: null, broken: '{"ci' },
      ],
    },
    {
      role: 'tool',
      parts: [
        { is: 'result', id: 'c1', tool: 'weather', output: { degrees: 3 }, failed: false },
        { is: 'result', id: 'c2', tool: 'weather', output: 'that is no JSON', failed: true },
      ],
    },
    { role: 'user', parts: [{ is: 'text', text: 'And?' }] },
  ],
  tools: [WEATHER],
  choose: 'required',
}

describe('a conversation on the wire', () => {
  test('to OpenAI', async () => {
    const { method, path, headers, body } = await sentFor('openai', TALK)
    assert.deepEqual([method, path, headers.authorization], ['POST', '/v1/responses', `Bearer ${KEY}`])
    assert.deepEqual(body.input, [
      { role: 'developer', content: 'Be kind.' },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Look' },
          { type: 'input_image', image_url: `data:image/png;base64,${BASE64}` },
          { type: 'input_text', text: 't.csv:\n\nä,b' },
          { type: 'input_file', filename: 'd.pdf', file_data: `data:application/pdf;base64,${PDF}` },
        ],
      },
      { role: 'assistant', content: 'I ask.' },
      { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{"city":"Köln"}' },
      { type: 'function_call', call_id: 'c2', name: 'weather', arguments: '{"broken":"{\\"ci"}' },
      { type: 'function_call_output', call_id: 'c1', output: '{"degrees":3}' },
      { type: 'function_call_output', call_id: 'c2', output: '{"error":"that is no JSON"}' },
      { role: 'user', content: [{ type: 'input_text', text: 'And?' }] },
    ])
    assert.deepEqual(body.tools, [
      { type: 'function', name: 'weather', description: WEATHER.about, parameters: WEATHER.input, strict: false },
    ])
    assert.equal(body.tool_choice, 'required')
  })

  test('to Anthropic', async () => {
    const { path, headers, body } = await sentFor('anthropic', TALK)
    assert.deepEqual([path, headers['x-api-key'], headers['anthropic-version']], ['/v1/messages', KEY, '2023-06-01'])
    assert.deepEqual(body.system, [{ type: 'text', text: 'Be kind.' }])
    const [first, second, third] = body.messages
    assert.deepEqual(first.content, [
      { type: 'text', text: 'Look' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: BASE64 } },
      { type: 'text', text: 't.csv:\n\nä,b' },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: PDF }, title: 'd.pdf' },
    ])
    assert.deepEqual(second.content, [
      { type: 'text', text: 'I ask.' },
      { type: 'tool_use', id: 'c1', name: 'weather', input: { city: 'Köln' } },
      { type: 'tool_use', id: 'c2', name: 'weather', input: { broken: '{"ci' } },
    ])
    assert.deepEqual(third.content, [
      { type: 'tool_result', tool_use_id: 'c1', content: '{"degrees":3}' },
      { type: 'tool_result', tool_use_id: 'c2', content: 'that is no JSON', is_error: true },
      { type: 'text', text: 'And?' },
    ])
    assert.deepEqual([body.tools[0].name, body.tools[0].input_schema], ['weather', WEATHER.input])
    assert.deepEqual(body.tool_choice, { type: 'any' })
  })

  test('to Google', async () => {
    const { path, headers, body } = await sentFor('google', TALK)
    assert.equal(path, '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse')
    assert.equal(headers['x-goog-api-key'], KEY)
    assert.deepEqual(body.systemInstruction, { parts: [{ text: 'Be kind.' }] })
    const [first, second, third] = body.contents
    assert.deepEqual(first.parts, [
      { text: 'Look' },
      { inlineData: { mimeType: 'image/png', data: BASE64 } },
      { text: 't.csv:\n\nä,b' },
      { inlineData: { mimeType: 'application/pdf', data: PDF } },
    ])
    assert.deepEqual(second, {
      role: 'model',
      parts: [
        { text: 'I ask.' },
        { functionCall: { id: 'c1', name: 'weather', args: { city: 'Köln' } } },
        { functionCall: { id: 'c2', name: 'weather', args: { broken: '{"ci' } } },
      ],
    })
    assert.deepEqual(third.parts[0].functionResponse.response, { name: 'weather', content: '{"degrees":3}' })
    assert.deepEqual(third.parts[1].functionResponse.response, { name: 'weather', error: 'that is no JSON' })
    assert.deepEqual(body.toolConfig, { functionCallingConfig: { mode: 'ANY' } })
    assert.equal(body.tools[0].functionDeclarations[0].name, 'weather')
  })

  test('to a server that speaks as OpenAI does', async () => {
    const { path, headers, body } = await sentFor('compatible', TALK)
    assert.deepEqual([path, headers.authorization], ['/v1/chat/completions', `Bearer ${KEY}`])
    const [system, user, assistant, result, broken, last] = body.messages
    assert.deepEqual(system, { role: 'system', content: 'Be kind.' })
    assert.deepEqual(user.content, [
      { type: 'text', text: 'Look' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${BASE64}` } },
      { type: 'text', text: 't.csv:\n\nä,b' },
      { type: 'file', file: { filename: 'd.pdf', file_data: `data:application/pdf;base64,${PDF}` } },
    ])
    assert.deepEqual(
      assistant.tool_calls.map((call: { id: string; function: unknown }) => [call.id, call.function]),
      [
        ['c1', { name: 'weather', arguments: '{"city":"Köln"}' }],
        ['c2', { name: 'weather', arguments: '{"broken":"{\\"ci"}' }],
      ],
    )
    assert.deepEqual(result, { role: 'tool', tool_call_id: 'c1', content: '{"degrees":3}' })
    assert.deepEqual(broken, { role: 'tool', tool_call_id: 'c2', content: 'that is no JSON' })
    assert.deepEqual(last, { role: 'user', content: 'And?' })
    assert.deepEqual([body.tool_choice, body.stream_options], ['required', { include_usage: true }])
  })
})

describe('settings on the wire', () => {
  const settings = { temperature: 0.5, topP: 0.9, maxTokens: 400, stop: ['END'], seed: 7 }
  const plain = { openai: 'gpt-4.1', anthropic: 'claude-3-5-haiku-latest', google: 'gemini-2.5-flash', compatible: 'llama3:8b' }
  const of = async (id: keyof typeof plain, more: Partial<Ask>) => (await sentFor(id, asking('Hi', more), plain[id])).body

  test('bear the names of the provider, and what it does not know is left out', async () => {
    const openai = await of('openai', { settings })
    assert.deepEqual([openai.temperature, openai.top_p, openai.max_output_tokens], [0.5, 0.9, 400])
    assert.ok(!('stop' in openai || 'seed' in openai))
    const anthropic = await of('anthropic', { settings })
    assert.deepEqual([anthropic.temperature, anthropic.max_tokens, anthropic.stop_sequences], [0.5, 400, ['END']])
    assert.ok(!('seed' in anthropic))
    const google = (await of('google', { settings })).generationConfig
    assert.deepEqual(google, { temperature: 0.5, topP: 0.9, maxOutputTokens: 400, stopSequences: ['END'], seed: 7 })
    const { temperature, top_p, max_tokens, stop, seed } = await of('compatible', { settings })
    assert.deepEqual([temperature, top_p, max_tokens, stop, seed], [0.5, 0.9, 400, ['END'], 7])
    for (const { provider } of DIALECTS)
      assert.ok(!JSON.stringify((await sentFor(provider.id, asking('Hi'))).body).includes('temperature'))
  })

  test('say how much it is to think', async () => {
    const openai = (await sentFor('openai', asking('Hi', { settings: { effort: 'high' } }))).body
    assert.deepEqual(openai.reasoning, { effort: 'high' })
    const anthropic = (await sentFor('anthropic', asking('Hi', { settings: { effort: 'low', maxTokens: 400 } }))).body
    assert.equal(anthropic.thinking.type, 'enabled')
    assert.equal(anthropic.max_tokens, 400 + anthropic.thinking.budget_tokens)
    const none = (await sentFor('anthropic', asking('Hi', { settings: { effort: 'none' } }))).body
    assert.deepEqual(none.thinking, { type: 'disabled' })
    const google = (await sentFor('google', asking('Hi', { settings: { effort: 'none' } }))).body
    assert.deepEqual(google.generationConfig.thinkingConfig, { thinkingBudget: 0 })
    assert.equal((await sentFor('compatible', asking('Hi', { settings: { effort: 'low' } }))).body.reasoning_effort, 'low')
  })

  test('hold the answer to a schema', async () => {
    const openai = await of('openai', { schema: SCHEMA })
    assert.deepEqual(openai.text.format, { type: 'json_schema', strict: true, name: 'answer', schema: SCHEMA })
    const anthropic = (await sentFor('anthropic', asking('Hi', { schema: SCHEMA }))).body
    assert.deepEqual(anthropic.output_config.format, { type: 'json_schema', schema: SCHEMA })
    const google = (await of('google', { schema: SCHEMA })).generationConfig
    assert.deepEqual([google.responseMimeType, google.responseJsonSchema], ['application/json', SCHEMA])
    const compatible = (await of('compatible', { schema: SCHEMA })).response_format
    assert.deepEqual(compatible, { type: 'json_schema', json_schema: { schema: SCHEMA, strict: true, name: 'answer' } })
  })

  test('a schema with something optional is a hint to OpenAI, which would refuse it else', async () => {
    const loose = [
      { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false },
      { ...SCHEMA, additionalProperties: true },
      { ...SCHEMA, properties: { a: { type: 'array', items: { type: 'object', properties: { b: { type: 'null' } } } } } },
      { anyOf: [SCHEMA, { type: 'object' }] },
      { ...SCHEMA, $defs: { a: { type: 'object', properties: { required: { type: 'string' } } } } },
    ]
    for (const schema of loose) {
      assert.equal((await of('openai', { schema })).text.format.strict, false, JSON.stringify(schema))
      assert.equal((await of('compatible', { schema })).response_format.json_schema.strict, false)
    }
    const deep = { ...SCHEMA, properties: { a: { type: 'array', items: SCHEMA, default: { x: { type: 'object' } } } } }
    assert.equal((await of('openai', { schema: deep })).text.format.strict, true)
  })

  test('an older model of Anthropic answers as if with a tool, and it reads as text', async () => {
    const dialect = dialectOf('anthropic')
    wire.says(stream(dialect.calls({ id: 'c1', tool: 'json', input: ['{"a":', '"x"}'] })))
    const opened = await openAt(dialect, wire.url, out)
    const reply = await opened.ask('claude-3-5-haiku-latest', asking('Hi', { schema: SCHEMA }), { signal: never })
    assert.deepEqual([reply.text, reply.calls, reply.finish], ['{"a":"x"}', [], 'stop'])
    assert.deepEqual(wire.sent[0]?.body.tool_choice, { type: 'any', disable_parallel_tool_use: true })
  })

  test('a server that knows no schemas is only asked for JSON', async () => {
    const dialect = dialectOf('compatible')
    wire.says(stream(dialect.text(['{}'])))
    const values = { baseUrl: dialect.base(wire.url), schema: 'no' }
    const opened = await dialect.provider.open(values, fetchThrough(out))
    await opened.ask(dialect.model, asking('Hi', { schema: SCHEMA }), { signal: never })
    assert.deepEqual(wire.sent[0]?.body.response_format, { type: 'json_object' })
    assert.equal(wire.sent[0]?.headers.authorization, undefined)
  })

  test('Ollama is held to a schema in the same way, and told where it is only a hint', async () => {
    const dialect = dialectOf('compatible')
    const near: typeof fetch = (input, init) => fetchThrough(out)(String(input).replace('http://127.0.0.1:11434', wire.url), init)
    const opened = await ollama.open({}, near)
    for (const [schema, strict] of [
      [SCHEMA, true],
      [{ type: 'object' }, false],
    ] as const) {
      wire.says(stream(dialect.text(['{}'])))
      await opened.ask('llama3', asking('Hi', { schema }), { signal: never })
      const { response_format } = Object(wire.sent[0]?.body)
      assert.deepEqual(response_format, { type: 'json_schema', json_schema: { schema, strict, name: 'answer' } })
    }
  })

  test('nothing is kept at OpenAI by our doing', async () => {
    const thinks = (await sentFor('openai', asking('Hi'))).body
    assert.deepEqual([thinks.store, thinks.include], [false, ['reasoning.encrypted_content']])
    assert.deepEqual([(await of('openai', {})).store, (await of('openai', {})).include], [false, undefined])
  })

  test('an organization and a project of OpenAI go with every call', async () => {
    const dialect = dialectOf('openai')
    wire.says(stream(dialect.text(['Hi'])))
    const values = { apiKey: KEY, baseUrl: `${wire.url}/v1//`, organization: 'org-1', project: 'proj-1' }
    const opened = await dialect.provider.open(values, fetchThrough(out))
    await opened.ask(dialect.model, asking('Hi'), { signal: never })
    await assert.rejects(opened.list?.(never) ?? Promise.resolve())
    for (const { path, headers } of wire.sent) {
      assert.deepEqual([headers['openai-organization'], headers['openai-project']], ['org-1', 'proj-1'])
      assert.match(path, /^\/v1\/(responses|models)$/)
    }
    assert.equal(wire.sent.length, 2)
  })
})

describe('what only the provider understands goes back to it', () => {
  const result: Part = { is: 'result', id: 'c1', tool: 'weather', output: 'rain', failed: false }

  test('signed and sealed thoughts of Anthropic', async () => {
    const { sent } = await goneOn(
      'anthropic',
      blocks(
        'tool_use',
        block(0, { type: 'thinking', thinking: '', signature: '' }, [
          { type: 'thinking_delta', thinking: 'Hm.' },
          { type: 'signature_delta', signature: 'c2lnbmVk' },
        ]),
        block(1, { type: 'redacted_thinking', data: 'c2VhbGVk' }, []),
        block(2, { type: 'tool_use', id: 'c1', name: 'weather', input: {} }, [{ type: 'input_json_delta', partial_json: '{}' }]),
      ),
      [result],
    )
    assert.deepEqual(sent.body.messages[1].content, [
      { type: 'thinking', thinking: 'Hm.', signature: 'c2lnbmVk' },
      { type: 'redacted_thinking', data: 'c2VhbGVk' },
      { type: 'tool_use', id: 'c1', name: 'weather', input: {} },
    ])
  })

  test('the signatures of Google', async () => {
    const { sent } = await goneOn(
      'google',
      [
        candidate([{ text: 'Hm.', thought: true }, { text: 'I see.' }]),
        candidate([{ text: '', thoughtSignature: 'of-text' }]),
        candidate([{ functionCall: { id: 'c1', name: 'weather', args: {} }, thoughtSignature: 'of-call' }], 'STOP'),
      ],
      [result],
    )
    assert.deepEqual(sent.body.contents[1].parts, [
      { text: 'Hm.', thought: true },
      { text: 'I see.', thoughtSignature: 'of-text' },
      { functionCall: { id: 'c1', name: 'weather', args: {} }, thoughtSignature: 'of-call' },
    ])
  })

  test('the sealed thoughts of OpenAI', async () => {
    const item = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: null }
    const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`
    const { said, sent } = await goneOn(
      'openai',
      [
        event({ type: 'response.created', response: { id: 'r', created_at: 1, model: 'gpt-5' } }),
        event({ type: 'response.output_item.added', output_index: 0, item }),
        event({ type: 'response.output_item.done', output_index: 0, item: { ...item, encrypted_content: 'sealed' } }),
        ...dialectOf('openai')
          .calls({ id: 'c1', tool: 'weather', input: ['{}'] })
          .slice(2)
          .map(frame => frame.replaceAll('"output_index":0', '"output_index":1')),
      ],
      [result],
    )
    assert.deepEqual(said.parts[0], {
      is: 'thought',
      text: '',
      kept: { openai: { itemId: 'rs_1', reasoningEncryptedContent: 'sealed' } },
    })
    assert.deepEqual(sent.body.input.slice(1), [
      { type: 'reasoning', id: 'rs_1', encrypted_content: 'sealed', summary: [] },
      { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: 'rain' },
    ])
  })

  test('the thoughts of a server that speaks as OpenAI does', async () => {
    const { sent } = await goneOn(
      'compatible',
      [
        chunk({ reasoning_content: 'Hm.' }),
        chunk({
          tool_calls: [
            {
              index: 0,
              id: 'c1',
              function: { name: 'weather', arguments: '{}' },
              extra_content: { google: { thought_signature: 's' } },
            },
          ],
        }),
        chunk({}, 'tool_calls'),
        DONE,
      ],
      [result],
    )
    const { reasoning_content, tool_calls } = sent.body.messages[1]
    assert.deepEqual([reasoning_content, tool_calls[0].extra_content], ['Hm.', { google: { thought_signature: 's' } }])
  })

  test('and what one has kept is no trouble to another', async () => {
    const parts: Part[] = [
      { is: 'thought', text: 'Hm.', kept: { anthropic: { signature: 'c2lnbmVk' } } },
      { is: 'thought', text: '', kept: { openai: { itemId: 'rs_1', reasoningEncryptedContent: 'sealed' } } },
      { is: 'text', text: 'Yes.', kept: { openai: { itemId: 'msg_1' } } },
      { is: 'file', bytes: PNG, type: 'image/png', kept: { google: { thoughtSignature: 's' } } },
    ]
    const messages: Message[] = [...asking('Hi').messages, { role: 'assistant', parts }, ...asking('And?').messages]
    for (const { provider } of DIALECTS) {
      const { body } = await sentFor(provider.id, { model: 'x', messages })
      const text = JSON.stringify(body)
      assert.ok(text.includes('Yes.') && text.includes('And?'), provider.id)
      assert.equal(text.includes('c2lnbmVk'), provider.id === 'anthropic')
      assert.equal(text.includes('sealed'), provider.id === 'openai')
      assert.equal(text.includes(`"data":"${BASE64}"},"thoughtSignature":"s"`), provider.id === 'google')
    }
  })
})
