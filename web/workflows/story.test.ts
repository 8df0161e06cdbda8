import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BEGIN, told } from './story.ts'

const heard = (...events: [string, unknown][]) =>
  events.reduce(
    (story, [event, data]) => told(story, { id: null, event, data: typeof data === 'string' ? data : JSON.stringify(data) }),
    BEGIN,
  )
const node = (key: string) => ({ key, block: 'core.set', name: key, inside: null })

test('what a model draws is seen as it comes, and what it draws again replaces it', () => {
  assert.equal(heard(['thinking', { model: 'demo/writer' }]).is, 'thinking')
  const drawing = heard(['draft', node('a')], ['draft', node('b')], ['problems', []])
  assert.deepEqual([drawing.is, drawing.nodes.map(({ key }) => key)], ['drawing', ['a', 'b']])
  const again = heard(['draft', node('a')], ['repair', {}], ['draft', node('c')])
  assert.deepEqual(
    again.nodes.map(({ key }) => key),
    ['c'],
  )
})

test('at the end stands the answer, or what went wrong with what can be done', () => {
  assert.deepEqual(heard(['draft', node('a')], ['done', { workflow: 1 }]).made, { workflow: 1 })
  const failed = heard(['error', { error: 'No model.', code: 'ai.refused', advice: 'Add a key.' }])
  assert.deepEqual([failed.is, failed.problem], ['failed', 'No model. Add a key.'])
  assert.deepEqual(heard(['error', 'nonsense']).problem, null)
  assert.equal(heard(['draft', '{']).nodes.length, 0)
})
