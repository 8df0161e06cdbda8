import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dialectOf, KEY, reply, stream } from '#models/testing.ts'
import { MODELS, openAiStage, says, sentTo } from './testing.ts'

const { it, wires, run, lines, upload } = await openAiStage()
const { openai, anthropic, compatible } = wires
const [gpt, claude, llama] = [MODELS.openai, MODELS.anthropic, MODELS.compatible]

const INVOICE = 'Invoice 17 of Tea & Co. Total 42.50 EUR.'
const FIELDS = [
  { name: 'number', required: true, description: 'of the invoice' },
  { name: 'total', type: 'number' },
  { name: 'due', type: 'date' },
]
const RIGHT = { number: '17', total: 42.5, due: null }

for (const [id, model] of Object.entries(MODELS))
  test(`ai.extract holds ${id} to a schema in its own way, and fields become one`, async () => {
    const provider = id as keyof typeof MODELS
    wires[provider].says(says(provider, RIGHT))
    const { output } = await run('ai.extract', { model, text: INVOICE, fields: FIELDS })
    assert.deepEqual([output.object, output.repairs, output.model, output.finishReason], [RIGHT, 0, model, 'stop'])
    const schema = {
      type: 'object',
      properties: {
        number: { type: 'string', description: 'of the invoice' },
        total: { type: ['number', 'null'] },
        due: { type: ['string', 'null'], format: 'date' },
      },
      required: ['number', 'total', 'due'],
      additionalProperties: false,
    }
    const { text, output_config, generationConfig, response_format } = Object(wires[provider].sent[0]?.body)
    const held = text?.format ?? output_config?.format ?? generationConfig?.responseJsonSchema ?? response_format?.json_schema
    assert.deepEqual(held.schema ?? held, schema)
    if ('strict' in held) assert.equal(held.strict, true)
  })

describe('ai.extract', () => {
  test('knows every kind of field, lists and tables', async () => {
    const object = {
      name: 'Ann',
      age: 30,
      vip: true,
      born: '1996-05-01',
      at: '08:30',
      seen: '2026-05-01T08:30:00+02:00',
      mail: 'ann@example.org',
      kind: null,
      tags: ['a'],
      lines: [{ title: 'Tea', price: 4.5 }],
      address: null,
    }
    const kinds = { vip: 'boolean', age: 'integer', born: 'date', at: 'time', seen: 'datetime', mail: 'email' }
    const fields = [
      { name: 'name' },
      ...Object.entries(kinds).map(([name, type]) => ({ name, type })),
      { name: 'kind', type: 'choice', options: ['new', 'old'] },
      { name: 'tags', many: true },
      { name: 'lines', type: 'group', many: true, fields: [{ name: 'title' }, { name: 'price', type: 'number' }] },
      { name: 'address', type: 'group', fields: [{ name: 'city' }] },
    ]
    openai.says(says('openai', object))
    assert.deepEqual((await run('ai.extract', { model: gpt, text: 'Ann', fields })).output.object, object)
    assert.equal(openai.sent[0]?.body.text.format.strict, true)
    openai.says(says('openai', { ...object, kind: 'odd', lines: [{ title: 'Tea' }] }))
    const { error } = await run('ai.extract', { model: gpt, text: 'Ann', fields, repairs: 0 })
    assert.equal(error.code, 'model.bad_answer')
    assert.match(error.message, /kind: .*lines\[0\]\.price: /)
  })

  test('gives an answer that does not fit back with what is wrong, and each repair can be seen', async () => {
    compatible.says(
      says('compatible', 'The total is 42.50.'),
      says('compatible', '{"number": 17, "total": '),
      says('compatible', `Here you are:\n\`\`\`json\n${JSON.stringify(RIGHT, null, 2)}\n\`\`\``),
    )
    const done = await run('ai.extract', { model: llama, text: INVOICE, fields: FIELDS })
    assert.deepEqual([done.output.object, done.output.repairs, done.output.usage.inputTokens], [RIGHT, 2, 30])
    assert.equal(done.usage.inputTokens, 30)
    assert.deepEqual(await lines(done), [
      'compatible/llama3:8b: repair 1 of 2: it is not JSON',
      'compatible/llama3:8b: repair 2 of 2: it is not JSON',
    ])
    const asked = compatible.sent[1]?.body.messages
    assert.deepEqual(
      asked.map((one: { role: string }) => one.role),
      ['system', 'user', 'assistant', 'user'],
    )
    assert.equal(asked[2].content, 'The total is 42.50.')
    assert.match(asked[3].content, /it is not JSON\.[\s\S]*fit this JSON Schema: \{"type":"object"/)
    assert.equal(compatible.sent[2]?.body.messages.length, 4, 'only the last answer is given back')
  })

  test('mends only so often, and never by trying the whole again', async () => {
    openai.says(says('openai', { number: 17, total: '42' }))
    const params = { model: gpt, text: INVOICE, fields: FIELDS, repairs: 1 }
    const { error } = await run('ai.extract', params, { node: { retry: { attempts: 3, delay: 1 } } })
    assert.deepEqual([error.code, openai.sent.length], ['model.bad_answer', 2])
    assert.match(error.message, /^The answer of openai\/gpt-5 does not fit, also after 1 repair: number: expected string, /)
    assert.equal(error.details.text, '{"number":17,"total":"42"}')
    anthropic.says(says('anthropic', RIGHT))
    const other = await run('ai.extract', { ...params, fallback: [claude], fallbackOn: ['badAnswer'] })
    assert.deepEqual([other.output.model, other.output.object, other.output.repairs], [claude, RIGHT, 0])
  })

  test('says that an answer was cut short instead of mending it, and does not read out what is long', async () => {
    openai.says(says('openai', '{"number": "17", "tot', 'length'))
    const { error } = await run('ai.extract', { model: gpt, text: INVOICE, fields: FIELDS })
    assert.deepEqual([error.code, openai.sent.length], ['model.bad_answer', 1])
    assert.match(error.message, /was not allowed to write enough/)
    openai.says(says('openai', 'x'.repeat(200_000)), says('openai', RIGHT))
    assert.equal((await run('ai.extract', { model: gpt, text: INVOICE, fields: FIELDS })).output.repairs, 1)
    assert.ok(sentTo(openai, 1).length < 10_000)
  })

  test('takes a JSON Schema, also of a list, and says what is wrong with a bad one', async () => {
    const schema = {
      type: 'array',
      items: { $ref: '#/$defs/line' },
      $defs: { line: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] } },
    }
    openai.says(says('openai', { value: [{ title: 'Tea' }] }))
    const { output } = await run('ai.extract', { model: gpt, text: INVOICE, schema })
    assert.deepEqual(output.object, [{ title: 'Tea' }])
    const { format } = Object(openai.sent[0]?.body).text
    assert.deepEqual([format.schema.type, format.schema.$defs, format.strict], ['object', schema.$defs, false])
    for (const bad of [{}, { type: 'nonsense' }, { type: 'string', pattern: '((' }, { $ref: 'https://example.org/x' }])
      assert.equal((await run('ai.extract', { model: gpt, text: INVOICE, schema: bad })).error.code, 'input.bad_schema')
    for (const none of [{}, { fields: FIELDS, schema }, { fields: [] }]) {
      const node = { id: 'a', key: 'a', block: 'ai.extract', params: { model: gpt, text: INVOICE, ...none } }
      const { id } = await it.post('/api/workflows', { name: 'x', nodes: [node] })
      const { problems } = await it.post(`/api/workflows/${id}/validate`)
      assert.ok(JSON.stringify(problems).includes('Give either `fields` or a `schema`'))
    }
  })

  test('tells a server that knows no schemas in words', async () => {
    const values = { apiKey: KEY, baseUrl: dialectOf('compatible').base(compatible.url), schema: 'no' }
    const { id } = await it.post('/api/credentials', { name: 'simple', kind: 'compatible', values })
    compatible.says(says('compatible', RIGHT))
    const { output } = await run('ai.extract', { model: llama, text: INVOICE, fields: FIELDS }, { node: { credential: id } })
    assert.deepEqual([output.object, output.repairs], [RIGHT, 0])
    const { response_format, messages } = Object(compatible.sent[0]?.body)
    assert.deepEqual(response_format, { type: 'json_object' })
    assert.match(messages[0].content, /fits this JSON Schema:\n\{"type":"object","properties":\{"number"/)
  })

  test('reads a picture without a text, and refuses to read nothing', async () => {
    const picture = await upload('p.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'image/png')
    openai.says(says('openai', RIGHT))
    const { output } = await run('ai.extract', { model: gpt, files: [picture], fields: FIELDS })
    assert.deepEqual(output.object, RIGHT)
    assert.ok(sentTo(openai).includes('image/png'))
    assert.equal(
      (await run('ai.extract', { model: gpt, text: '{{ trigger.none }}', fields: FIELDS })).error.code,
      'input.missing',
    )
  })
})

describe('ai.classify', () => {
  const classes = [{ name: 'Billing', description: 'Invoices and refunds.' }, 'bug', 'question']
  const drawing = (params: object) => ({
    nodes: [
      { key: 'start', block: 'manual.start' },
      { key: 'ai', block: 'ai.classify', params: { model: gpt, text: '{{ trigger.text }}', classes, ...params } },
      ...['billing', 'bug', 'none', 'always'].map(key => ({ key, block: 'core.set', params: { fields: { n: 1 } } })),
    ],
    edges: ['start -> ai', 'ai:Billing -> billing', 'ai:bug -> bug', 'ai:none -> none', 'ai -> always'],
  })
  const ways = async (params: object, answer: object) => {
    const id = await it.publish(drawing(params))
    openai.says(says('openai', answer))
    const { results } = await it.run(id, { text: 'I paid twice and the page broke.' })
    const taken = ['billing', 'bug', 'none', 'always'].filter(key => results[key]?.n === 1)
    return [results.ai.label, results.ai.labels, taken]
  }

  test('goes on by the class that fits, and by main as well', async () => {
    const fits = { reason: 'It is about money.', label: 'Billing', confidence: 0.9 }
    assert.deepEqual(await ways({}, fits), ['Billing', ['Billing'], ['billing', 'always']])
    const { text, input } = Object(openai.sent[0]?.body)
    assert.deepEqual(text.format.schema.properties.label.enum, ['Billing', 'bug', 'question', 'none'])
    assert.equal(text.format.strict, true)
    assert.match(JSON.stringify(input), /- Billing: Invoices and refunds\.\\n- bug\\n- question/)
    assert.deepEqual(await ways({}, { ...fits, label: ' BUG ' }), ['bug', ['bug'], ['bug', 'always']])
    assert.equal(openai.sent.length, 1, 'capitals are no reason to ask again')
  })

  test('goes on by “none” where no class fits, or where the model is less sure than it must be', async () => {
    const none = { reason: 'It is a greeting.', label: 'none', confidence: 0.9 }
    assert.deepEqual(await ways({}, none), [null, [], ['none', 'always']])
    const unsure = { reason: 'Perhaps.', label: 'bug', confidence: 0.4 }
    assert.deepEqual(await ways({ minConfidence: 0.5 }, unsure), [null, [], ['none', 'always']])
  })

  test('goes on by every class that fits, where there may be several', async () => {
    const both = { reason: 'Both.', labels: ['bug', 'Billing', 'bug', 'none'], confidence: 0.8 }
    assert.deepEqual(await ways({ several: true }, both), ['bug', ['bug', 'Billing'], ['billing', 'bug', 'always']])
    assert.deepEqual(await ways({ several: true }, { ...both, labels: [] }), [null, [], ['none', 'always']])
  })

  test('asks again for a class that there is not', async () => {
    openai.says(
      says('openai', { reason: 'Odd.', label: 'angry', confidence: 1 }),
      says('openai', { reason: 'Broken.', label: 'bug', confidence: 1 }),
    )
    const { output } = await run('ai.classify', { model: gpt, text: 'It broke.', classes })
    assert.deepEqual([output.label, output.repairs], ['bug', 1])
  })

  test('does not take names that are the same, or those of outlets it has anyway; classes may come from elsewhere', async () => {
    const refused = async (list: unknown) =>
      (await run('ai.classify', { model: gpt, text: 'x', classes: '{{ trigger }}' }, { input: list })).error?.message
    assert.match(await refused(['a', 'A ']), /same name/)
    assert.match(await refused(['main']), /outlet has this name already/)
    assert.match(await refused([]), /classes/)
    openai.says(says('openai', { reason: 'So.', label: 'b', confidence: 1 }))
    const params = { model: gpt, text: 'x', classes: '{{ trigger.list }}' }
    assert.equal((await run('ai.classify', params, { input: { list: ['a', 'b'] } })).output.label, 'b')
  })
})

describe('ai.moderate', () => {
  const ways = async (params: object) => {
    const id = await it.publish({
      nodes: [
        { key: 'start', block: 'manual.start' },
        { key: 'ai', block: 'ai.moderate', params: { text: 'You fool.', ...params } },
        ...['ok', 'flagged', 'always'].map(key => ({ key, block: 'core.set', params: { fields: { n: 1 } } })),
      ],
      edges: ['start -> ai', 'ai:ok -> ok', 'ai:flagged -> flagged', 'ai -> always'],
    })
    const { results, error } = await it.run(id)
    return { ai: results.ai, error, taken: ['ok', 'flagged', 'always'].filter(key => results[key]?.n === 1) }
  }

  test('asks a model that was made for it, which costs nothing', async () => {
    const model = 'openai/omni-moderation-latest'
    const results = [
      { flagged: true, categories: {}, category_scores: { harassment: 0.9, 'harassment/threatening': 0.2, hate: 0.6 } },
    ]
    openai.says(reply({ id: 'm', model: 'omni-moderation-latest', results }))
    const picture = await upload('p.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'image/png')
    const { ai, taken } = await ways({ model, files: [picture] })
    assert.deepEqual(
      [ai.flagged, ai.categories, ai.scores['harassment/threatening'], ai.cost],
      [true, ['harassment', 'hate'], 0.2, 0],
    )
    assert.deepEqual(taken, ['flagged', 'always'])
    const [sent] = openai.sent
    assert.deepEqual([sent?.path, sent?.body.input[0]], ['/v1/moderations', { type: 'text', text: 'You fool.' }])
    assert.match(sent?.body.input[1].image_url.url, /^data:image\/png;base64,iVBOR/)
    const strict = await ways({ model, categories: ['hate'], threshold: 0.7 })
    assert.deepEqual([strict.ai.scores, strict.taken], [{ hate: 0.6 }, ['ok', 'always']])
    assert.match(
      (await ways({ model, categories: ['gossip'] })).error.message,
      /does not look for “gossip”\. It knows harassment, /,
    )
    openai.says(reply({ error: { message: `No ${KEY}` } }, 401))
    assert.equal((await ways({ model })).error.code, 'model.key_refused')
    openai.says(reply('<html>'))
    assert.equal((await run('ai.moderate', { model, text: 'x' })).error.code, 'model.garbled')
  })

  test('asks any other model with the categories that were named', async () => {
    openai.says(says('openai', { gossip: 0.7, spam: 0.1 }))
    const categories = [{ name: 'gossip', description: 'Talk about people who are not there.' }, 'spam']
    const { ai, taken } = await ways({ model: gpt, categories })
    assert.deepEqual(
      [ai.flagged, ai.categories, ai.scores, taken],
      [true, ['gossip'], { gossip: 0.7, spam: 0.1 }, ['flagged', 'always']],
    )
    assert.match(sentTo(openai), /- gossip: Talk about people who are not there\./)
    assert.match(sentTo(openai), /<data>\\nYou fool\.\\n<\/data>/)
  })
})

test('a stream of something else than a model’s answer is told as such', async () => {
  openai.says(stream(['data: {"a":1}\n\n']))
  assert.match((await run('ai.extract', { model: gpt, text: INVOICE, fields: FIELDS })).error.code, /^model\./)
})
