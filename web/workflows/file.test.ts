import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileName, workflowsIn } from './file.ts'

test('a file is called as its workflow, without what a disk refuses, and no two the same', () => {
  const taken = new Set<string>()
  const names = ['Sort / mail?', 'sort-mail', 'فرز البريد', '💥', '', '../../etc'].map(name => fileName(name, taken))
  assert.deepEqual(names, [
    'sort-mail.json',
    'sort-mail-2.json',
    'فرز-البريد.json',
    'workflow.json',
    'workflow-2.json',
    'etc.json',
  ])
})

test('one workflow or a list of them can be read; anything else is nothing', () => {
  const one = { name: 'a', nodes: [] }
  assert.deepEqual(workflowsIn(JSON.stringify(one)), [one])
  assert.equal(workflowsIn(JSON.stringify([one, one]))?.length, 2)
  for (const text of ['', '{', '[]', '1', '[1]', 'null', '{"name":"a"}', JSON.stringify([one, 7])])
    assert.equal(workflowsIn(text), null, text)
})
