import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Answer, dialectOf, reply } from '#models/testing.ts'
import { MODELS, openAiStage, says, sentTo } from './testing.ts'

const { wires, run, lines, upload } = await openAiStage()
const { openai, anthropic, compatible } = wires
const [gpt, claude, llama] = [MODELS.openai, MODELS.anthropic, MODELS.compatible]

/** Paragraphs of some 65 tokens, each with its number. */
const book = (count: number) =>
  Array.from({ length: count }, (_none, at) => `Chapter ${at}. ${'The bridge is old and will be built anew. '.repeat(6)}`).join(
    '\n\n',
  )
const numbersIn = (text: string) => [...text.matchAll(/Chapter (\d+)\./g)].map(([, number]) => Number(number))
const userOf = (body: unknown): string => Object(body).messages.findLast((one: { role: string }) => one.role === 'user').content

/** Answers with what the question says, so that the order can be seen. */
const echo =
  (make: (asked: string) => string): Answer =>
  (response, sent) =>
    says('compatible', make(userOf(sent.body)))(response, sent)

describe('ai.summarize', () => {
  test('tells a short text at once, as long and in the form that was wanted', async () => {
    openai.says(says('openai', 'A bridge.'))
    const wanted = { length: 'short', style: 'bullets', language: 'German', focus: 'Who pays.' }
    const { output } = await run('ai.summarize', { model: gpt, text: book(1), ...wanted })
    assert.deepEqual([output.text, output.pieces, openai.sent.length], ['A bridge.', 1, 1])
    assert.match(sentTo(openai), /at most 50 words, as bullet points.*Write in German\..*What matters: Who pays\./)
    openai.says(says('openai', 'A bridge'))
    await run('ai.summarize', { model: gpt, text: book(1), words: 7, length: 'headline' })
    assert.match(sentTo(openai), /at most 7 words, as a headline.*in the language of the material/)
  })

  test('reads a long text in pieces, puts them together in their order, and adds up what they took', async () => {
    compatible.says(
      echo(asked =>
        numbersIn(asked)
          .map(number => `Chapter ${number}.`)
          .join(' '),
      ),
    )
    const done = await run('ai.summarize', { model: llama, text: book(12), pieceTokens: 140 })
    assert.deepEqual(numbersIn(done.output.text), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    assert.equal(done.output.pieces, 6)
    assert.equal(compatible.sent.length, 7)
    assert.equal(done.output.usage.inputTokens, 70)
    assert.match(userOf(compatible.sent[0]?.body), /^This is part 1 of 6 of something long\. Summarize it in at most 200 words/)
    assert.match((await lines(done))[0] ?? '', /6 pieces/)
  })

  test('puts notes together until they can be read at once, however long they are', async () => {
    compatible.says(echo(asked => `Chapter ${numbersIn(asked)[0]}. ${'word '.repeat(200)}`))
    const { output, status } = await run('ai.summarize', { model: llama, text: book(9), pieceTokens: 80 })
    assert.equal(status, 'completed')
    assert.deepEqual([numbersIn(output.text), output.pieces], [[0], 9])
    // Nine notes, then five, three and two groups of two, then the whole.
    assert.equal(compatible.sent.length, 9 + 5 + 3 + 2 + 1)
  })

  test('asks about no more pieces at once than it may', async () => {
    let [now, most] = [0, 0]
    const full = Promise.withResolvers<void>()
    compatible.says(async (response, sent) => {
      now += 1
      most = Math.max(most, now)
      if (now === 3) full.resolve()
      if (userOf(sent.body).startsWith('This is part')) await full.promise
      await says('compatible', 'Note.')(response, sent)
      now -= 1
    })
    const { output } = await run('ai.summarize', { model: llama, text: book(8), pieceTokens: 80, atOnce: 3 })
    assert.deepEqual([output.pieces, most], [8, 3])
  })

  test('asks only for the piece again that did not work, and pays nothing twice', async () => {
    let refused = 0
    compatible.says((response, sent) => {
      if (!userOf(sent.body).includes('Chapter 2.') || refused > 1) return says('compatible', 'Note.')(response, sent)
      refused += 1
      return reply({ error: { message: 'Slow.' } }, 429, { 'retry-after': '0.01' })(response, sent)
    })
    const done = await run('ai.summarize', { model: llama, text: book(5), pieceTokens: 80 })
    assert.deepEqual([done.status, compatible.sent.length], ['completed', 5 + 2 + 1])
    assert.ok((await lines(done)).some(line => /Slow\. The piece is tried again in 0\.01 s/.test(line)))
  })

  test('gives the other pieces up when one is refused', async () => {
    compatible.says(async (response, sent) => {
      if (userOf(sent.body).includes('Chapter 1.')) return reply({ error: { message: 'No.' } }, 400)(response, sent)
    })
    const { error } = await run('ai.summarize', { model: llama, text: book(20), pieceTokens: 80, atOnce: 2 })
    assert.equal(error.code, 'model.refused')
    await compatible.hungUp
    assert.equal(compatible.sent.length, 2)
  })

  test('goes on with the model that could, once another could not', async () => {
    openai.says(reply({ error: { message: 'Down.' } }, 503))
    anthropic.says(says('anthropic', 'Note.'))
    const params = { model: gpt, fallback: [claude], text: book(4), pieceTokens: 80, atOnce: 1 }
    const { output } = await run('ai.summarize', params)
    assert.deepEqual([output.model, openai.sent.length, anthropic.sent.length], [claude, 1, 5])
  })

  test('reads files: texts as texts, and what only the model can read as a piece of its own', async () => {
    const text = await upload('a.txt', 'Chapter 7. About tea.', 'text/plain')
    const picture = await upload('p.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'image/png')
    openai.says(says('openai', 'Tea.'))
    const { output } = await run('ai.summarize', { model: gpt, files: [text, picture] })
    assert.deepEqual([output.pieces, openai.sent.length], [2, 3])
    assert.ok(openai.sent.some(({ body }) => JSON.stringify(body).includes('Chapter 7.')))
    assert.ok(openai.sent.some(({ body }) => JSON.stringify(body).includes('image/png')))
    assert.equal((await run('ai.summarize', { model: gpt })).error.code, 'input.missing')
  })

  test('asks no more when its budget could be gone over, and no other model either', async () => {
    openai.says(says('openai', 'Note.'))
    anthropic.says(says('anthropic', 'Note.'))
    const params = { model: gpt, fallback: [claude], text: book(40), pieceTokens: 80, atOnce: 1, budget: 0.001, maxTokens: 5 }
    const { error, usage } = await run('ai.summarize', params)
    assert.equal(error.code, 'budget.node')
    assert.ok(openai.sent.length > 1 && openai.sent.length < 20, String(openai.sent.length))
    assert.ok(usage.cost > 0 && usage.cost <= 0.001, String(usage.cost))
    assert.equal(anthropic.sent.length, 0)
  })

  test('is not cut into more pieces than anybody wants to pay for', async () => {
    const { error } = await run(
      'ai.summarize',
      { model: gpt, text: '{{ trigger }}', pieceTokens: 50 },
      { input: 'word '.repeat(30_000) },
    )
    assert.match(error.message, /at most 500 are possible/)
  })
})

describe('ai.translate', () => {
  const upper = echo(asked => (/<data>\n([\s\S]*)\n<\/data>$/.exec(asked)?.[1] ?? '').toUpperCase())

  test('asks for the language, the tone and the words that were named', async () => {
    openai.says(says('openai', 'Hallo {name}, 你好 👋 שלום'))
    const params = { to: 'German', from: 'English', tone: 'formal', glossary: { tea: 'Tee' }, instructions: 'A menu.' }
    const { output } = await run('ai.translate', { model: gpt, text: 'Hello {name}, 你好 👋 שלום', ...params })
    assert.deepEqual([output.text, output.lost, output.repairs, output.pieces], ['Hallo {name}, 你好 👋 שלום', [], 0, 1])
    const sent = sentTo(openai)
    for (const words of ['Translate it from English to German.', 'Write formally', '- tea = Tee', 'Mind this: A menu.'])
      assert.ok(sent.includes(words), words)
    assert.match(sent, /Answer with the translation alone/)
  })

  test('translates a long text in pieces that stand together as before', async () => {
    const text = `\n\n  ${book(6)}\n\n\n`
    compatible.says(upper)
    const { output } = await run(
      'ai.translate',
      { model: llama, text: '{{ trigger }}', to: 'Loud', pieceTokens: 80 },
      { input: text },
    )
    assert.equal(output.text, text.toUpperCase())
    assert.equal(output.pieces, 6)
  })

  test('mends a translation that has lost something, and says what is lost for good', async () => {
    const text = 'Hello {name}, <b>tea</b>!'
    openai.says(says('openai', 'Hallo, Tee!'), says('openai', 'Hallo {name}, <b>Tee</b>!'))
    const done = await run('ai.translate', { model: gpt, text, to: 'German' })
    assert.deepEqual([done.output.text, done.output.lost, done.output.repairs], ['Hallo {name}, <b>Tee</b>!', [], 1])
    assert.match((await lines(done))[0] ?? '', /repair 1 of 2: the translation has lost \{name\}, <b, <\/b$/)
    openai.says(says('openai', 'Hallo, Tee!'))
    const lost = await run('ai.translate', { model: gpt, text, to: 'German', repairs: 1 })
    assert.deepEqual([lost.output.lost, lost.output.repairs, openai.sent.length], [['{name}', '<b', '</b'], 1, 2])
  })

  test('takes a fence away that a model has put around its answer, and no half translation', async () => {
    openai.says(says('openai', '<data>\nHallo\n</data>'))
    assert.equal((await run('ai.translate', { model: gpt, text: 'Hello', to: 'German' })).output.text, 'Hallo')
    openai.says(says('openai', 'Hal', 'length'))
    assert.equal((await run('ai.translate', { model: gpt, text: 'Hello', to: 'German' })).error.code, 'model.bad_answer')
    assert.equal(
      (await run('ai.translate', { model: gpt, text: '{{ trigger.none }}', to: 'German' })).error.code,
      'input.missing',
    )
  })
})

describe('ai.chat', () => {
  test('puts out a conversation that can be given back to it', async () => {
    openai.says(says('openai', 'Hello Ann.'))
    const first = (await run('ai.chat', { model: gpt, message: 'I am Ann.', system: 'Be kind.' })).output
    assert.deepEqual(first.messages, [
      { role: 'user', text: 'I am Ann.', files: [] },
      { role: 'assistant', text: 'Hello Ann.', files: [] },
    ])
    openai.says(says('openai', 'Ann.'))
    const params = { model: gpt, messages: '{{ trigger.before }}', message: '{{ trigger.now }}' }
    const second = await run('ai.chat', params, { input: { before: first.messages, now: 'Who am I?' } })
    assert.deepEqual([second.output.text, second.output.messages.length], ['Ann.', 4])
    const said = Object(openai.sent[0]?.body).input.map(({ role, content }: { role: string; content: unknown }) => [
      role,
      JSON.stringify(content),
    ])
    assert.deepEqual(
      said.map(([role]: string[]) => role),
      ['user', 'assistant', 'user'],
    )
    assert.ok(said[0][1].includes('I am Ann.') && said[2][1].includes('Who am I?'))
  })

  test('takes conversations as others write them, and only the last of a long one', async () => {
    compatible.says(says('compatible', 'Yes.'))
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'One' }] },
      { role: 'assistant', content: 'Two' },
      { role: 'user', content: 'Three' },
      { role: 'assistant', content: 'Four' },
      { role: 'user', content: 'Five' },
    ]
    const { output } = await run('ai.chat', { model: llama, messages, window: 3 })
    assert.deepEqual(Object(compatible.sent[0]?.body).messages, [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Three' },
      { role: 'assistant', content: 'Four' },
      { role: 'user', content: 'Five' },
    ])
    assert.deepEqual([output.messages.length, output.messages[0].text], [6, 'One'])
  })

  test('shows pictures of any message, and wants something to answer', async () => {
    const picture = await upload('p.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'image/png')
    openai.says(says('openai', 'A square.'))
    const messages = [
      { role: 'user', text: 'Look.', files: [picture.id] },
      { role: 'assistant', text: 'I do.' },
    ]
    const { output } = await run('ai.chat', { model: gpt, messages, message: 'What is it?' })
    assert.deepEqual(output.messages[0].files, [picture.id])
    assert.match(sentTo(openai), /image\/png.*What is it\?/)
    assert.match(sentTo(openai), /in files is material/)
    for (const none of [{}, { messages: null, message: ' ' }, { messages }])
      assert.equal((await run('ai.chat', { model: gpt, ...none })).error.code, 'input.missing')
  })
})

describe('ai.image', () => {
  const b64_json = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').toString('base64')

  test('keeps the pictures as files', async () => {
    openai.says(reply({ data: [{ b64_json }, { b64_json }], usage: { input_tokens: 3, output_tokens: 9, total_tokens: 12 } }))
    const { output } = await run('ai.image', {
      model: 'openai/gpt-image-1',
      prompt: 'Tea 🫖',
      n: 2,
      size: '1024x1024',
      name: 'tea',
    })
    assert.deepEqual(
      output.files.map(({ name, type }: { name: string; type: string }) => [name, type]),
      [
        ['tea-1.png', 'image/png'],
        ['tea-2.png', 'image/png'],
      ],
    )
    assert.deepEqual([output.file.id, output.cost], [output.files[0].id, 0.000375])
    assert.deepEqual(openai.sent[0]?.body, { model: 'gpt-image-1', prompt: 'Tea 🫖', n: 2, size: '1024x1024' })
  })

  test('asks another one where a model cannot draw', async () => {
    openai.says(reply({ data: [{ b64_json }] }))
    const params = { model: claude, fallback: ['openai/gpt-image-1'], prompt: 'Tea' }
    assert.equal((await run('ai.image', params)).output.model, 'openai/gpt-image-1')
    assert.equal((await run('ai.image', { model: claude, prompt: 'Tea' })).error.code, 'model.unable')
    openai.says(reply(dialectOf('openai').failure('Not that.', 'moderation_blocked'), 400))
    const { error } = await run(
      'ai.image',
      { model: 'openai/gpt-image-1', prompt: 'X' },
      { node: { retry: { attempts: 3, delay: 1 } } },
    )
    assert.deepEqual([error.code, openai.sent.length], ['model.filtered', 1])
  })
})

describe('ai.embed', () => {
  const model = 'openai/text-embedding-3-small'
  const vectors: Answer = (response, sent) => {
    const data = sent.body.input.map((text: string, index: number) => ({ index, embedding: [text.length, 1] }))
    return reply({ data, usage: { prompt_tokens: data.length } })(response, sent)
  }

  test('makes vectors of one text, and of many in several calls', async () => {
    openai.says(vectors)
    const one = (await run('ai.embed', { model, text: 'tea' })).output
    assert.deepEqual([one.vector, one.vectors, one.dimensions, one.cost], [[3, 1], [[3, 1]], 2, 0])
    openai.says(vectors)
    const texts = ['a', 'bb', 'ccc', { d: 1 }, 5]
    const many = (await run('ai.embed', { model, text: '{{ trigger }}', batch: 2 }, { input: texts })).output
    assert.deepEqual([many.vectors.map((vector: number[]) => vector[0]), many.vector], [[1, 2, 3, 12, 1], null])
    assert.deepEqual([openai.sent.length, many.usage.inputTokens], [3, 5])
    assert.deepEqual((await run('ai.embed', { model, text: '{{ trigger }}' }, { input: [] })).output.vectors, [])
  })

  test('never mixes vectors of two models', async () => {
    openai.says(vectors, reply({ error: { message: 'Down.' } }, 503))
    const params = { model, fallback: ['demo/meaning'], text: '{{ trigger }}', batch: 1 }
    const { output } = await run('ai.embed', params, { input: ['a', 'b'] })
    assert.deepEqual([output.model, output.vectors.map((one: number[]) => one.length)], ['demo/meaning', [256, 256]])
  })

  test('says which text is empty', async () => {
    const { error } = await run('ai.embed', { model, text: '{{ trigger }}' }, { input: ['a', ' '] })
    assert.deepEqual([error.code, /`text\[1\]` is empty/.test(error.message)], ['input.missing', true])
  })
})
