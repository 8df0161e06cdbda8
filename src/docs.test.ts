import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { suite, test } from 'node:test'
import { printed } from '../tools/print.ts'

suite('what is printed from the source is up to date', async () => {
  for (const [path, text] of await printed()) {
    test(path, async () => {
      const there = await readFile(new URL(`../${path}`, import.meta.url), 'utf8').catch(() => '')
      assert.equal(there, text, `${path} is not what the source says: run \`npm run docs\``)
    })
  }
})
