import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { stampOf } from './stamp.ts'

test('the stamp changes with every source of the browser part, and with nothing else', async t => {
  const root = await mkdtemp(join(tmpdir(), 'stamp-'))
  t.after(() => rm(root, { recursive: true, force: true }))
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
    return stampOf(root)
  }
  const sources = [
    'web/main.tsx',
    'web/ui/tokens.css',
    'web/public/theme.js',
    'vite.config.ts',
    'src/accounts/contract.ts',
    'src/http/caller.ts',
    'package-lock.json',
  ]
  for (const path of sources) await write(path, 'one')
  let before = stampOf(root)
  for (const path of sources) {
    const after = await write(path, 'two')
    assert.notEqual(after, before, path)
    before = after
  }
  for (const path of ['src/accounts/login.ts', 'web/dist/index.html', 'web/api.test.ts', 'README.md'])
    assert.equal(await write(path, 'other'), before, path)
  assert.notEqual(await write('web/more.ts', ''), before)
})
