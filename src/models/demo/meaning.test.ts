import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demo } from './demo.ts'
import { meaningOf } from './meaning.ts'

const near = (one: string, other: string) => {
  const there = meaningOf(other)
  return meaningOf(one).reduce((sum, value, at) => sum + value * (there[at] ?? 0), 0)
}

test('similar texts are nearer than different ones', () => {
  const [about, ...others] = [
    'How do I reset my password?',
    'I forgot my password and want to reset it',
    'The invoice was paid twice',
    'Die Lieferung kam zu spät',
  ]
  for (const other of others.slice(1)) assert.ok(near(about ?? '', others[0] ?? '') > near(about ?? '', other) + 0.2, other)
  assert.ok(near('paying invoices', 'an invoice was paid') > near('paying invoices', 'the cat sleeps'))
  assert.ok(near('Müller', 'mueller') < near('Müller', 'MULLER'), 'accents and capitals say nothing')
})

test('every text has 256 dimensions and length 1, also one without a word', () => {
  for (const text of ['', '   ', '!?', 'a', 'Grüße 🦊', 'word '.repeat(2000), '漢字']) {
    const place = meaningOf(text)
    assert.equal(place.length, 256)
    assert.ok(Math.abs(Math.hypot(...place) - 1) < 1e-9, text)
  }
})

test('it embeds many texts at once, in their order, and counts them', async () => {
  const opened = await demo.open({}, fetch)
  const { vectors, tokens } = (await opened.embed?.('meaning', ['one', 'two'], new AbortController().signal)) ?? assert.fail()
  assert.deepEqual(vectors, [meaningOf('one'), meaningOf('two')])
  assert.deepEqual(tokens, { input: 2, output: 0, cached: 0, reasoning: 0 })
})
