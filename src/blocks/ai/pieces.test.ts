import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
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

test('a million letters are cut in no time, with ends of sentences and without', () => {
  for (const text of ['word. '.repeat(170_000), 'x'.repeat(1_000_000), '\n'.repeat(1_000_000)]) {
    const begun = performance.now()
    const pieces = piecesOf(text, 6_000)
    assert.equal(pieces.join(''), text)
    assert.ok(performance.now() - begun < 10_000)
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
