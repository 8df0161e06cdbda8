import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { Fault } from '#errors.ts'
import type { Files, Stored } from './files.ts'

/** Where a suite gets files from: empty ones, and how many bytes of half-written values lie about in them. */
export type Place = { open(): Promise<{ files: Files; leftovers(): Promise<string[]>; close(): Promise<void> }> }

const ONE = 'wsp_one'
const TWO = 'wsp_two'
const MANY = 2 ** 20

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const fault = (code: string) => (error: unknown) => error instanceof Fault && error.code === code

/** A stream of these parts. */
async function* from(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : part
}

/** Bytes that differ from place to place. */
const noise = (size: number) => Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * 7919) >> 5))

/** Everything in some files. */
export async function listed(files: Files): Promise<Stored[]> {
  const all: Stored[] = []
  for await (const one of files.list()) all.push(one)
  return all
}

/** What every implementation of the port does. */
export function behavesAsFiles(place: Place): void {
  const on = (says: string, act: (files: Files, leftovers: () => Promise<string[]>) => Promise<void>) =>
    test(says, async () => {
      const { files, leftovers, close } = await place.open()
      try {
        await act(files, leftovers)
      } finally {
        await close()
      }
    })

  on('a value comes back as it was, and is known by its hash', async files => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('x'), noise(4100), noise(300_000)]) {
      const { hash, size, head } = await files.put(ONE, from(bytes), MANY)
      assert.deepEqual({ hash, size }, { hash: hashOf(bytes), size: bytes.length })
      assert.deepEqual(Buffer.from(head), bytes.subarray(0, 4100))
      assert.deepEqual(await buffer(await files.get(ONE, hash)), bytes)
      assert.equal(await files.has(ONE, hash), true)
    }
  })

  on('it does not matter in which pieces it came', async files => {
    const bytes = noise(10_000)
    const pieces = [
      bytes.subarray(0, 1),
      bytes.subarray(1, 1),
      bytes.subarray(1, 4099),
      bytes.subarray(4099, 4101),
      bytes.subarray(4101),
    ]
    const { hash, head } = await files.put(ONE, from(...pieces), MANY)
    assert.equal(hash, hashOf(bytes))
    assert.deepEqual(Buffer.from(head), bytes.subarray(0, 4100))
  })

  on('a part of it can be read, both ends included', async files => {
    const { hash } = await files.put(ONE, from('0123456789'), MANY)
    const part = async (start: number, end: number) => String(await buffer(await files.get(ONE, hash, { start, end })))
    assert.deepEqual([await part(0, 0), await part(2, 5), await part(9, 9), await part(0, 9)], ['0', '2345', '9', '0123456789'])
  })

  on('what is over the limit is refused, stops being read, and leaves nothing', async (files, leftovers) => {
    let asked = 0
    async function* endless() {
      for (;;) {
        asked += 1
        yield Buffer.alloc(1000)
      }
    }
    await assert.rejects(files.put(ONE, endless(), 2500), fault('file.too_large'))
    assert.equal(asked, 3)
    await assert.rejects(files.put(ONE, from('four'), 3), fault('file.too_large'))
    assert.equal((await files.put(ONE, from('four'), 4)).size, 4)
    assert.deepEqual(await leftovers(), [])
  })

  on('a sender that breaks off leaves nothing', async (files, leftovers) => {
    async function* broken() {
      yield Buffer.from('the beginning')
      throw new Error('gone')
    }
    await assert.rejects(files.put(ONE, broken(), MANY), /gone/)
    assert.equal(await files.has(ONE, hashOf(Buffer.from('the beginning'))), false)
    assert.deepEqual(await leftovers(), [])
    assert.deepEqual(await listed(files), [])
  })

  on('what refers to a value is written down before it can be found', async (files, leftovers) => {
    const seen: unknown[] = []
    const value = await files.put(ONE, from('x'), MANY, async ({ hash, size, head }) => {
      seen.push({ size, head: String(head), there: await files.has(ONE, hash) })
    })
    assert.deepEqual(seen, [{ size: 1, head: 'x', there: false }])
    assert.equal(await files.has(ONE, value.hash), true)

    const refused = files.put(ONE, from('y'), MANY, async () => {
      throw new Error('no row')
    })
    await assert.rejects(refused, /no row/)
    assert.equal(await files.has(ONE, hashOf(Buffer.from('y'))), false)
    assert.deepEqual(await leftovers(), [])
  })

  on('the same content is stored once, also when it comes twenty times at once', async files => {
    const bytes = noise(100_000)
    const all = await Promise.all(
      Array.from({ length: 20 }, () => files.put(ONE, from(bytes.subarray(0, 50_000), bytes.subarray(50_000)), MANY)),
    )
    assert.equal(new Set(all.map(value => value.hash)).size, 1)
    const stored = await listed(files)
    assert.deepEqual(
      stored.map(({ workspace, hash, size }) => ({ workspace, hash, size })),
      [{ workspace: ONE, hash: hashOf(bytes), size: bytes.length }],
    )
    assert.deepEqual(await buffer(await files.get(ONE, hashOf(bytes))), bytes)
  })

  on('one workspace does not see what another has, even by its hash', async files => {
    const { hash } = await files.put(ONE, from('secret'), MANY)
    assert.equal(await files.has(TWO, hash), false)
    await assert.rejects(files.get(TWO, hash), fault('file.not_found'))
    await files.remove(TWO, hash)
    assert.equal(await files.has(ONE, hash), true)
    await files.put(TWO, from('secret'), MANY)
    await files.remove(ONE, hash)
    assert.equal(await files.has(ONE, hash), false)
    assert.equal(await files.has(TWO, hash), true)
  })

  on('removing takes it away, and twice is as good as once', async files => {
    const { hash } = await files.put(ONE, from('x'), MANY)
    await files.remove(ONE, hash)
    await files.remove(ONE, hash)
    assert.equal(await files.has(ONE, hash), false)
    await assert.rejects(files.get(ONE, hash), fault('file.not_found'))
  })

  on('everything of a workspace can be removed, and of no other', async files => {
    for (const text of ['a', 'b', 'c']) await files.put(ONE, from(text), MANY)
    await files.put(TWO, from('a'), MANY)
    await files.removeAll(ONE)
    await files.removeAll('wsp_none')
    assert.deepEqual(
      (await listed(files)).map(it => it.workspace),
      [TWO],
    )
  })

  on('a list names everything with its size and when it was last put', async files => {
    const start = Date.now() - 2000
    for (const [workspace, text] of [
      [ONE, 'a'],
      [ONE, 'bb'],
      [TWO, 'a'],
    ] as const)
      await files.put(workspace, from(text), MANY)
    const stored = await listed(files)
    assert.deepEqual(stored.map(it => `${it.workspace} ${it.size}`).toSorted(), [`${ONE} 1`, `${ONE} 2`, `${TWO} 1`])
    for (const { storedAt } of stored) assert.ok(storedAt >= start && storedAt <= Date.now() + 2000)
  })

  on('no name leads out of its place', async files => {
    const { hash } = await files.put(ONE, from('x'), MANY)
    for (const workspace of [
      '',
      '.',
      '..',
      '../wsp_one',
      'wsp_one/../wsp_two',
      'tmp',
      'wsp_',
      '/etc',
      'WSP_ONE',
      'wsp_one\0',
      'wsp_ö',
      `wsp_${'a'.repeat(300)}`,
    ]) {
      await assert.rejects(files.put(workspace, from('x'), MANY), /is not the id of a workspace/)
      await assert.rejects(files.get(workspace, hash), /is not the id of a workspace/)
      await assert.rejects(files.remove(workspace, hash), /is not the id of a workspace/)
      await assert.rejects(files.removeAll(workspace), /is not the id of a workspace/)
    }
    for (const bad of ['', '..', '../../../etc/passwd', hash.toUpperCase(), `${hash}0`, hash.slice(1), `${hash}\n`]) {
      await assert.rejects(files.get(ONE, bad), /is not a hash/)
      await assert.rejects(files.has(ONE, bad), /is not a hash/)
      await assert.rejects(files.remove(ONE, bad), /is not a hash/)
    }
  })

  on('a check goes through and leaves nothing', async (files, leftovers) => {
    await files.check()
    assert.deepEqual(await leftovers(), [])
    assert.deepEqual(await listed(files), [])
  })
}
