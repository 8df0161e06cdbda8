import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { Fault } from '#errors.ts'
import { type Apart, Lost, makeApart } from './apart.ts'

describe('work in another thread', () => {
  let folder: string
  let apart: Apart
  const on = new AbortController().signal
  const module = async (name: string, body: string) => {
    const path = join(folder, `${name}.mjs`)
    await writeFile(path, `export default ${body}`)
    return String(pathToFileURL(path))
  }
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apart-'))
    apart = makeApart()
  })
  after(async () => {
    await apart.close()
    await rm(folder, { recursive: true })
  })

  test('gives what the work returns, in the order of asking', async () => {
    const twice = await module('twice', 'async n => n * 2')
    assert.deepEqual(await Promise.all([1, 2, 3].map(n => apart.run(twice, n, on))), [2, 4, 6])
  })

  test('tells what it threw, with its code', async () => {
    const bad = await module(
      'bad',
      '() => { throw Object.assign(new Error("no"), { name: "Refused", code: "a.b", details: [1] }) }',
    )
    await assert.rejects(apart.run(bad, null, on), error => {
      assert.ok(error instanceof Lost)
      assert.deepEqual(error.broken, { name: 'Refused', message: 'no', code: 'a.b', details: [1] })
      return true
    })
  })

  test('what never ends is given up with its thread, and the next one goes on', async () => {
    const endless = await module('endless', '() => { for (;;) {} }')
    const twice = await module('again', 'n => n * 2')
    const leash = new AbortController()
    const going = apart.run(endless, null, leash.signal)
    const other = apart.run(twice, 4, on)
    leash.abort(new Error('long enough'))
    await assert.rejects(going, /long enough/)
    assert.equal(await other, 8)
  })

  test('what takes too much memory ends its thread and nothing else', async () => {
    const greedy = await module('greedy', '() => { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)) }')
    await assert.rejects(apart.run(greedy, null, on), error => error instanceof Fault && error.code === 'block.memory')
    assert.equal(await apart.run(await module('after', 'n => n'), 1, on), 1)
  })

  test('is refused when it is closed', async () => {
    const other = makeApart()
    const endless = await module('endless2', '() => { for (;;) {} }')
    const going = other.run(endless, null, on)
    going.catch(() => {})
    await other.close()
    await assert.rejects(going, error => error instanceof Fault && error.code === 'server.stopping')
    await assert.rejects(other.run(endless, null, on), error => error instanceof Fault && error.code === 'server.stopping')
  })
})
