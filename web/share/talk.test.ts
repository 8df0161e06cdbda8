import assert from 'node:assert/strict'
import { test } from 'node:test'
import { historyOf, isBusy, newTalk, readTalk, saying, type Talk, withSaid } from './talk.ts'

const talkOf = (...pairs: [string, string][]): Talk =>
  pairs.reduce<Talk>((talk, [text, answer], at) => {
    const id = `s${at}`
    return withSaid(saying(talk, { id, text, files: [] }), id, { state: 'answered', answer })
  }, newTalk('c'))

test('a conversation is remembered as it is; what was on its way is to be sent again', () => {
  const talk = saying(talkOf(['hi', 'hello']), { id: 'x', text: 'more', files: [] })
  assert.ok(isBusy(talk))
  const read = readTalk(JSON.stringify(talk))
  assert.deepEqual(
    read?.said.map(one => one.state),
    ['answered', 'unsent'],
  )
  assert.ok(read && !isBusy(read))
  for (const text of [null, '', 'nonsense', '[]', '{"conversation":1}', '{"conversation":"c","said":[{}]}'])
    assert.equal(readTalk(text), null)
})

test('what was answered before is sent along, and nothing that failed or came later', () => {
  const talk = withSaid(talkOf(['a', 'A'], ['b', 'B'], ['c', 'C']), 's1', { state: 'failed' })
  assert.deepEqual(historyOf(talk, 's2'), [
    { from: 'me', text: 'a' },
    { from: 'you', text: 'A' },
  ])
  assert.deepEqual(historyOf(talk, 's0'), [])
  assert.equal(historyOf(talk, 'new').length, 4)
})

test('of a long conversation the newest part is sent along', () => {
  const long = talkOf(...Array.from({ length: 40 }, (_none, at): [string, string] => [`${at}`, `answer ${at}`]))
  assert.equal(historyOf(long, 'new').length, 20)
  assert.equal(historyOf(long, 'new').at(-1)?.text, 'answer 39')
  const large = talkOf(...Array.from({ length: 8 }, (): [string, string] => ['q', 'x'.repeat(49_999)]))
  const sum = historyOf(large, 'new').reduce((total, { text }) => total + text.length, 0)
  assert.ok(sum <= 200_000 && sum > 140_000, `${sum}`)
})
