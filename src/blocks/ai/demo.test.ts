import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { databases } from '#db/testing.ts'
import { setStage } from '#executions/testing.ts'
import { drawn } from './testing.ts'

const ARTICLE =
  'The city council decided on Monday to build a new bridge over the river. The bridge will cost 12 million euros. Many residents are happy about the bridge because the old one is broken. Some shop owners fear that the building site will keep customers away. The weather was sunny.'

const [kind] = databases()
assert.ok(kind)
const it = await setStage(await kind.place())
after(() => it.close())

const output = async (block: string, params: Record<string, unknown>) => {
  const done = await it.run(await it.publish(drawn(block, params)))
  assert.equal(done.status, 'completed', JSON.stringify(done.error))
  assert.equal(done.output.cost, 0)
  assert.ok(done.output.model.startsWith('demo/'))
  assert.ok(done.output.usage.inputTokens > 0)
  return done.output
}
const LABEL = /^\[demo, not an AI\] /

test('without any key every AI block answers, says that it is a demo, and makes sense', async () => {
  const { items } = await it.get('/api/models')
  assert.ok(
    items.every((one: { demo: boolean }) => one.demo),
    'there is no other model',
  )

  const letter = await output('ai.write', {
    prompt: 'Write a kind answer to this mail.',
    text: 'Where is my order 4711? Regards, Ann Miller',
  })
  assert.match(letter.text, LABEL)
  assert.match(letter.text, /Ann Miller/)

  const first = await output('ai.chat', { message: 'My name is Ann.' })
  const second = await output('ai.chat', { messages: first.messages, message: 'What is my name?' })
  assert.match(second.text, /^\[demo, not an AI\] Your name is Ann/)

  const text = 'Invoice 2026-17 of Tea & Co. Total 42.50 EUR, due on 1 May 2026. Contact: ann@example.org'
  const fields = [
    { name: 'number', required: true },
    { name: 'total', type: 'number' },
    { name: 'due', type: 'date' },
    { name: 'email', type: 'email' },
    { name: 'phone' },
    { name: 'kind', type: 'choice', options: ['letter', 'invoice'] },
  ]
  const { object } = await output('ai.extract', { text, fields })
  const found = { number: '2026-17', total: 42.5, due: '2026-05-01', email: 'ann@example.org', phone: null, kind: 'invoice' }
  assert.deepEqual(object, found)

  const classes = [{ name: 'billing', description: 'Money.' }, 'bug', 'question']
  const judge = async (said: string, more = {}) => (await output('ai.classify', { text: said, classes, ...more })).labels
  assert.deepEqual(await judge('I was charged twice on my invoice.'), ['billing'])
  assert.deepEqual(await judge('The invoice page crashes with an error.', { several: true }), ['billing', 'bug'])
  assert.deepEqual(await judge('Xyzzy.'), [])

  const short = await output('ai.summarize', { text: ARTICLE, words: 16 })
  assert.equal(short.text, '[demo, not an AI] The city council decided on Monday to build a new bridge over the river.')
  const book = [ARTICLE, text, 'The tea of Assam is strong. It grows in the north of India.'].join('\n\n')
  const long = await output('ai.summarize', { text: book, words: 30, pieceTokens: 80 })
  assert.equal(long.pieces, 2)
  assert.match(long.text, LABEL)
  assert.equal(long.text.split('[demo').length, 2, 'the label stands there once')

  const translated = await output('ai.translate', { text: 'Good morning {name}, my <b>friend</b>. 👋', to: 'German' })
  assert.match(translated.text, /cannot translate.*German.*\n\n\[German\] Good morning \{name\}, my <b>friend<\/b>\. 👋$/s)
  assert.deepEqual(translated.lost, [])

  assert.equal((await output('ai.moderate', { text: 'Thank you, the tea was wonderful.' })).flagged, false)
  const rude = await output('ai.moderate', { text: 'You stupid idiot, I will kill you.' })
  assert.deepEqual([rude.flagged, rude.categories], [true, ['harassment', 'violence']])

  const { files } = await output('ai.image', { prompt: 'A cup of tea', n: 2 })
  for (const { url } of files) {
    const answer = await fetch(`${it.server.url}${url}`, { headers: { authorization: `Bearer ${it.token}` } })
    assert.deepEqual(
      [
        answer.status,
        Buffer.from(await answer.arrayBuffer())
          .subarray(1, 4)
          .toString(),
      ],
      [200, 'PNG'],
    )
  }

  const { vectors } = await output('ai.embed', {
    text: ['An invoice for tea', 'The bill for the tea', 'A bridge over the river'],
  })
  const near = (one: number, other: number) =>
    vectors[one].reduce((sum: number, value: number, at: number) => sum + value * vectors[other][at], 0)
  assert.ok(near(0, 1) > near(0, 2))
})

test('every block runs its own example on the demo', async () => {
  const { items } = await it.get('/api/blocks')
  const blocks = items.filter((one: { connector: string }) => one.connector === 'ai')
  assert.ok(blocks.length > 8)
  for (const { id, example, credentialNeeded } of blocks) {
    const { model: _paid, ...params } = example.input
    assert.equal(credentialNeeded, false)
    assert.deepEqual(Object.keys(await output(id, params)).toSorted(), Object.keys(example.output).toSorted(), id)
  }
})
