import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { startProcess } from './testing.ts'

/** Says at the end whether Node's own `fetch` was ever loaded. */
const TELLS = `process.once('exit', () => console.log('{"fetch":' + process.moduleLoadList.some(it => it.endsWith('undici/undici')) + '}'))`

suite('a server that has only started', () => {
  test('has not loaded the fetch of Node, which takes 10 MB and which nothing before a sign-in needs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'idle-'))
    const told = `--import=data:text/javascript,${encodeURIComponent(TELLS)}`
    const server = startProcess(['start'], { DATA_DIR: folder, NODE_OPTIONS: told }, folder)
    const url = await server.ready()
    await server.stop()
    assert.ok(url)
    assert.equal(server.lines().at(-1)?.fetch, false)
    await rm(folder, { recursive: true })
  })
})
