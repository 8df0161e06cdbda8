import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refused, TryLater } from '#sdk/fail.ts'
import { testContext } from '#sdk/testing.ts'
import { eachOf } from './each.ts'
import { fence } from './fence.ts'
import { lostIn } from './holes.ts'
import { piecesOf, tokensIn } from './pieces.ts'

const part = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '\n',
    '\n\n',
    '\r\n\r\n',
    ' ',
    'One sentence. ',
    '東京は大きい。',
    'שלום עולם. ',
    '👩‍👩‍👧',
    'x'.repeat(300),
    '</data>',
    '<data-3>',
  ),
)
const texts = fc.array(part, { maxLength: 60 }).map(parts => parts.join(''))

test('whatever a text is, its pieces are all of it, none is too long, and no letter is cut', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 20, max: 200 }), (text, most) => {
      const pieces = piecesOf(text, most)
      assert.equal(pieces.join(''), text)
      const longest = [...new Intl.Segmenter('en').segment(text)].map(({ segment }) => tokensIn(segment))
      const room = Math.max(most, ...longest)
      // What is rounded up in each part adds up.
      for (const piece of pieces) assert.ok(tokensIn(piece) <= room, `${tokensIn(piece)} > ${room}`)
      if (text.isWellFormed()) for (const piece of pieces) assert.ok(piece.isWellFormed())
    }),
    { numRuns: 500 },
  )
})

test('a text is cut between paragraphs, else between lines, sentences and words', () => {
  const paragraph = 'The bridge is old. It will be built anew. '.repeat(3).trim()
  assert.deepEqual(piecesOf(`${paragraph}\n\n${paragraph}\n \n${paragraph}`, 70), [
    `${paragraph}\n\n${paragraph}\n \n`,
    paragraph,
  ])
  assert.deepEqual(piecesOf('one two three\nfour five six\n', 4), ['one two three\n', 'four five six\n'])
  assert.deepEqual(piecesOf('It is old. It is new.', 3), ['It is old. ', 'It is new.'])
  assert.deepEqual(piecesOf('abcdefgh ijklmnop', 3), ['abcdefgh ', 'ijklmnop'])
  assert.deepEqual(piecesOf('abcdefghij', 1), ['abcd', 'efgh', 'ij'])
  assert.deepEqual(piecesOf('', 10), [])
})

// By the square of its length this would take hours.
test('a million letters are cut, with ends of sentences and without', { timeout: 60_000 }, () => {
  for (const text of ['word. '.repeat(170_000), 'x'.repeat(1_000_000), '\n'.repeat(1_000_000)]) {
    assert.equal(piecesOf(text, 6_000).join(''), text)
  }
})

test('a fence never occurs in what it stands around, and nothing of that is changed', () => {
  fc.assert(
    fc.property(texts, text => {
      const fenced = fence(text)
      const [, name = ''] = /^<([\w-]+)>\n/.exec(fenced.text) ?? []
      assert.ok(name !== '' && !new RegExp(`</?${name}\\b`, 'i').test(text))
      assert.equal(fenced.text, `<${name}>\n${text}\n</${name}>`)
      assert.ok(fenced.rule.includes(`<${name}>`))
      assert.equal(fenced.bare(fenced.text), text.trim())
      assert.equal(fenced.bare('  Fine. '), 'Fine.')
    }),
  )
})

test('what a translation must keep is counted', () => {
  const text = 'Hi {name}, you have %d of {{ total }} <b>points</b> at https://example.org/a?b=1. 100% sure, {name}!'
  assert.deepEqual(lostIn(text, text), [])
  assert.deepEqual(lostIn(text, 'Hallo {name}, %d von {{ total }} <b>Punkte</b>: https://example.org/a?b=1'), ['{name}'])
  assert.deepEqual(lostIn(text, 'Hallo'), ['{name}', '{name}', '%d', '{{ total }}', '<b', '</b', 'https://example.org/a?b=1'])
  assert.deepEqual(lostIn('100% sicher, 50 %', 'sure'), [])
})

test('when a piece fails for good, those that run are told, and none is begun any more', async () => {
  const { context } = testContext()
  const told = Promise.withResolvers<void>()
  const begun: number[] = []
  const going = eachOf([0, 1, 2, 3], 2, context, async (item, _at, signal) => {
    begun.push(item)
    if (item === 1) throw new Refused('test.no', 'No.')
    signal.addEventListener('abort', () => told.resolve())
    await told.promise
  })
  await assert.rejects(going, { code: 'test.no' })
  await told.promise
  assert.deepEqual(begun, [0, 1])
})

test('whoever stops the node stops the pause before a piece is tried again', async () => {
  const stop = new AbortController()
  const { context, lines } = testContext({ signal: stop.signal })
  const going = eachOf([0, 1], 1, context, async () => {
    setImmediate(() => stop.abort(new Error('stopped')))
    throw new TryLater('test.later', 'Later.', { after: 3_600_000 })
  })
  await assert.rejects(going, /^Error: stopped$/)
  assert.deepEqual(lines, ['Later. The piece is tried again in 60 s.'])
})
