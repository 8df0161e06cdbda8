import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkScript } from './syntax.ts'

test('code that can be read is fine, and nothing of it is run', () => {
  for (const code of ['', 'return input', 'await null', '// a comment', 'return `}`', 'globalThis.ran = 1; while (true);'])
    assert.equal(checkScript(code), null, code)
  assert.equal(Reflect.get(globalThis, 'ran'), undefined)
})

test('a mistake is named with its line', () => {
  assert.deepEqual(checkScript('const a = 1\nconst a = 2'), {
    message: "SyntaxError: Identifier 'a' has already been declared",
    line: 2,
  })
  assert.equal(checkScript('\n\nlet x = {;')?.line, 3)
  assert.deepEqual(checkScript('if (input) {\n  return 1\n'), {
    message: 'SyntaxError: the code ends too early; something is missing or not closed',
    line: 3,
  })
  assert.match(checkScript('import a from "b"')?.message ?? '', /no import/)
})

test('code cannot end its function early', () => {
  for (const code of ['}', '}); (() => {', '}; async function more() {', '}) })']) assert.notEqual(checkScript(code), null, code)
})

test('code that is nested without an end is refused, not fatal', () => {
  assert.match(checkScript(`return ${'('.repeat(200_000)}`)?.message ?? '', /nested|early|too/)
})
