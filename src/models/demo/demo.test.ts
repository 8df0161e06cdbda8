import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ask } from '#sdk/model.ts'
import { demo } from './demo.ts'
import { ask, assistant, user } from './testing.ts'

const LABEL = '[demo, not an AI] '
const ARTICLE =
  'The city council decided on Monday to build a new bridge over the river. The bridge will cost 12 million euros. Many residents are happy about the bridge because the old one is broken. Some shop owners fear that the building site will keep customers away. The weather was sunny.'
const said = async (text: string, more: Partial<Ask> = {}) => {
  const reply = await ask(text, more)
  assert.ok(reply.text.startsWith(LABEL), reply.text)
  return reply.text.slice(LABEL.length)
}
const open = () => demo.open({}, fetch)
const never = new AbortController().signal

test('it says that it is no AI, asks for no key and names what its models can do', () => {
  assert.equal(demo.credential, null)
  assert.deepEqual(
    demo.models.map(({ name, abilities }) => [name, ...abilities]),
    [
      ['writer', 'text', 'images', 'files', 'tools', 'schema'],
      ['painter', 'draws'],
      ['meaning', 'embeds'],
    ],
  )
  for (const { title } of [demo, ...demo.models]) assert.match(title, /not an AI/)
})

test('a model it does not have is refused by name', async () => {
  const opened = await open()
  await assert.rejects(opened.ask('gpt', { model: 'demo/gpt', messages: [] }, { signal: never }), { code: 'model.unknown' })
  await assert.rejects(async () => opened.embed?.('writer', ['a'], never), { code: 'model.unknown' })
})

test('a summary holds the telling sentences, as many as were named', async () => {
  assert.equal(
    await said(`Summarise in one sentence:\n\n${ARTICLE}`),
    'The city council decided on Monday to build a new bridge over the river.',
  )
  const two = await said(ARTICLE, { system: 'You are helpful. Summarize the text in two sentences.' })
  assert.equal(two.split('. ').length, 2)
  assert.ok(two.split(/(?<=\.) /).every(sentence => ARTICLE.includes(sentence)))
  const bullets = await said(`List the key points as 3 bullets:\n\n${ARTICLE}`)
  assert.equal(bullets.split('\n').length, 3)
  assert.ok(bullets.split('\n').every(line => line.startsWith('- ')))
})

test('a summary keeps to a number of words', async () => {
  const text = await said(
    'Fasse den Text in höchstens 10 Wörtern zusammen:\n\nDie Stadt baut eine neue Brücke über den Fluss. Sie kostet 12 Millionen Euro.',
  )
  assert.equal(text, 'Die Stadt baut eine neue Brücke über den Fluss.')
  assert.equal(await said(`Summarize in 5 words: ${ARTICLE}`), 'The city council decided on…')
})

test('it says that it cannot translate and gives the text back with the language that was wanted', async () => {
  assert.match(
    await said('Translate to German: Good morning, my friend.'),
    /cannot translate.*German.*\n\n\[German\] Good morning, my friend\.$/s,
  )
  assert.match(
    await said('Übersetze ins Englische:\n\nGuten Morgen.'),
    /kann nicht übersetzen.*\n\n\[Englisch\] Guten Morgen\.$/s,
  )
})

test('a text is tidied up or shortened, and what is meant by “that” is what was said before', async () => {
  assert.equal(
    await said('Rewrite this text: hello  world this this is a test .  it has errors'),
    'Tidied up, not reworded:\n\nHello world this is a test. It has errors.',
  )
  const reply = await ask([
    user('Tell me of the bridge'),
    assistant(`${LABEL}${ARTICLE}`),
    user('Now shorten that to one sentence'),
  ])
  assert.equal(reply.text, `${LABEL}The city council decided on Monday to build a new bridge over the river.`)
})

test('ideas are made of the words of the request, as many as were named', async () => {
  const lines = (await said('Give me 6 ideas for a birthday party with dogs')).split('\n')
  assert.deepEqual(lines, ['- Birthday', '- Party', '- Dogs', '- birthday + party', '- birthday + dogs', '- party + dogs'])
  assert.equal((await said('Nenne drei Ideen für ein Sommerfest im Garten, nummeriert')).split('\n')[0], '1. Sommerfest')
})

const MAIL =
  'From: Anna Schmidt <a@b.co>\nSubject: Broken lamp\n\nHello,\n\nthe lamp that I ordered arrived broken. Can you send me a new one?\n\nBest regards,\nAnna Schmidt'

test('a reply to a mail greets who wrote it, says the matter again and leaves the answer to a person', async () => {
  for (const text of [
    await said(`Write a friendly reply to this mail:\n\n${MAIL}`),
    await said(MAIL, { system: 'Draft a reply to the mail.' }),
  ]) {
    assert.match(text, /^Dear Anna Schmidt,/)
    assert.match(text, /“Broken lamp”.*“the lamp that I ordered arrived broken\.”.*“Can you send me a new one\?”/s)
    assert.match(text, /missing here.*Kind regards$/s)
  }
  const german = await said(
    'Schreibe eine Antwort auf diese Mail:\n\nGuten Tag,\n\nmeine Rechnung stimmt nicht.\n\nMit freundlichen Grüßen\nJens Müller',
  )
  assert.match(german, /^Guten Tag Jens Müller,.*Mit freundlichen Grüßen$/s)
})

test('a question is answered with the sentences of the text that share its words, or not at all', async () => {
  assert.match(
    await said(`Context:\n${ARTICLE}\n\nQuestion: How much will the bridge cost?`),
    /^The bridge will cost 12 million euros\./,
  )
  assert.match(
    await said(`Answer the question from the context.\n\nContext:\n${ARTICLE}\n\nQuestion: Who is president of France?`),
    /says nothing about that/,
  )
  const system = `You help visitors of our shop. We open at nine in the morning. We are closed on Sundays. Parking is behind the house, and dogs are welcome in all of our rooms, if they are quiet.`
  assert.match(await said('When do you open in the morning?', { system }), /^We open at nine/)
})

test('a class is one of the labels and nothing else', async () => {
  assert.equal(
    await said('Classify the message. Answer with one of: billing, bug, other.\n\nThe app crashes when I log in.'),
    'bug',
  )
  const system = 'Classify the ticket into one of the following categories: billing, bug, feature request, other.'
  assert.equal(await said('I was charged twice for my invoice', { system }), 'billing')
  assert.equal(await said('Trees are tall.', { system }), 'other')
  assert.equal(
    await said('Das ist super, danke!', { system: 'Ordne den Text ein. Kategorien: positiv, negativ, neutral' }),
    'positiv',
  )
  assert.equal(await said('It is bad.', { system: 'Choose one of these labels:\n- positive\n- negative\n' }), 'negative')
})

test('a chat remembers names and what was said before', async () => {
  const before = [user('Hi, my name is Peter and I like trains.'), assistant(`${LABEL}Hello Peter!`)]
  assert.match((await ask([...before, user('Hello again!')])).text, /Hello Peter! Before, you said: “Hi, my name is Peter/)
  assert.match((await ask([...before, user('What is my name?')])).text, /Your name is Peter/)
  assert.match((await ask([...before, user('Was I talking of trains?')])).text, /“Hi, my name is Peter and I like trains\.”/)
  assert.match(await said('Hallo, ich heiße Jens Müller.'), /^Hallo Jens Müller!/)
})

test('of JSON and code it says what is named in it', async () => {
  const json = await said('Explain this JSON: {"name":"x","items":[1,2],"owner":{"id":1}}')
  assert.match(json, /keys name \(string\), items \(array\), owner \(object: id\)/)
  const code = await said(
    'Explain this code:\n\n```ts\nimport { x } from "y"\nexport function foo(a) { return a }\nconst bar = (b) => b\nclass Baz {}\n```',
  )
  assert.match(code, /4 lines\. functions: foo, bar; classes: Baz; imports: y/)
})

test('anything else is said again as what a model would be asked', async () => {
  const text = await said('Write a LinkedIn post about our new coffee machine')
  assert.match(text, /^Here a model would write what this asks for: “Write a LinkedIn post/)
  assert.match(text, /about: LinkedIn, post, coffee, machine\./)
  assert.match(await said('Schreibe einen Artikel über die Geschichte des Fahrrads'), /^Hier stünde/)
})

test('files of text are read, and of others it says only that they are there', async () => {
  const bytes = new TextEncoder().encode(ARTICLE)
  const text = { is: 'text', text: 'Summarise this file in one sentence' } as const
  const reply = await ask([{ role: 'user', parts: [text, { is: 'file', bytes, type: 'text/plain', name: 'a.txt' }] }])
  assert.equal(reply.text, `${LABEL}The city council decided on Monday to build a new bridge over the river.`)
  const picture = await ask([
    {
      role: 'user',
      parts: [
        { is: 'text', text: 'What is in this picture?' },
        { is: 'file', bytes: new Uint8Array(7), type: 'image/png', name: 'p.png' },
      ],
    },
  ])
  assert.match(picture.text, /cannot look into: p\.png, image\/png, 7 bytes/)
})

test('the text comes in pieces that are the whole, and the same ask gives the same reply', async () => {
  const opened = await open()
  const pieces: string[] = []
  const asked = { model: 'demo/writer', messages: [user(`Summarise: ${ARTICLE}`)] }
  const reply = await opened.ask('writer', asked, { signal: never, text: piece => pieces.push(piece) })
  assert.ok(pieces.length > 10)
  assert.equal(pieces.join(''), reply.text)
  assert.deepEqual(reply.parts, [{ is: 'text', text: reply.text }])
  assert.deepEqual(await opened.ask('writer', asked, { signal: never }), reply)
  assert.deepEqual(reply.tokens, {
    input: Math.ceil(`Summarise: ${ARTICLE}`.length / 4),
    output: Math.ceil(reply.text.length / 4),
    cached: 0,
    reasoning: 0,
  })
})

const LONG = { model: 'demo/writer', messages: [user(`Rewrite: ${'one two three four. '.repeat(500)}`)] }

test('others have their turn while a long text is said', async () => {
  const opened = await open()
  let turns = 0
  const count = () => {
    turns += 1
    waiting = setImmediate(count)
  }
  let waiting = setImmediate(count)
  await opened.ask('writer', LONG, { signal: never })
  clearImmediate(waiting)
  assert.ok(turns > 10, `${turns} turns`)
})

test('a signal stops it at once', async () => {
  const opened = await open()
  const stop = new AbortController()
  const pieces: string[] = []
  const hear = (piece: string) => {
    if (pieces.push(piece) === 100) stop.abort(new Error('enough'))
  }
  await assert.rejects(opened.ask('writer', LONG, { signal: stop.signal, text: hear }), /enough/)
  assert.equal(pieces.length, 100)
  await assert.rejects(opened.ask('writer', LONG, { signal: AbortSignal.abort(new Error('before')) }), /before/)
})

test('it ends where it was told to: at the most tokens, and before a stop', async () => {
  const short = await ask(`Summarise: ${ARTICLE}`, { settings: { maxTokens: 10 } })
  assert.equal(short.finish, 'length')
  assert.equal(short.text.length, 40)
  assert.equal(short.tokens.output, 10)
  const stopped = await ask(`Summarise: ${ARTICLE}`, { settings: { stop: ['council', 'nowhere'], maxTokens: 500 } })
  assert.deepEqual([stopped.text, stopped.finish], [`${LABEL}The city `, 'stop'])
})
