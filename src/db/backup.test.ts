import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, before, suite, test } from 'node:test'
import { promisify } from 'node:util'
import { Stop } from '#errors.ts'
import { type Entry, pack, unpack } from './archive.ts'
import { backup, type Places, sha256Of } from './backup.ts'
import { openDatabase } from './db.ts'
import { migrate, NOTHING } from './migrate.ts'
import { restore } from './restore.ts'
import { databases, type Where } from './testing.ts'

const [kind] = databases()
assert.ok(kind?.name === 'sqlite')

let place: Where
let places: Places
let archive: string
before(async () => {
  place = await kind.place()
  places = placesIn(join(place.dir, 'data'))
  archive = join(place.dir, 'pilot.backup')
  await fill(places, ['a', 'b', 'c'], 'the key')
  await backup(places, archive, true)
})
after(() => place.drop())

const placesIn = (dir: string): Places => ({ ...place.options, dir, files: join(dir, 'files') })
const stops = (word: RegExp) => (error: unknown) => error instanceof Stop && word.test(error.message)

/** A database that knows these files, and the files. */
async function fill({ files, ...options }: Places, texts: string[], key: string): Promise<void> {
  const { db, close } = await openDatabase(options)
  await db.insertInto('workspaces').values({ id: 'wsp_1', name: texts.join(), created_at: 1, created_by: null }).execute()
  for (const text of texts) {
    const hash = await sha256Of([Buffer.from(text)])
    const path = join(files, 'wsp_1', hash.slice(0, 2), hash)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    const row = {
      id: `fil_${text}`,
      workspace_id: 'wsp_1',
      bucket: 'uploads',
      name: text,
      type: 'text/plain',
      size: text.length,
      hash,
    }
    await db
      .insertInto('files')
      .values({ ...row, created_at: 1, created_by: null })
      .execute()
  }
  await close()
  await writeFile(join(options.dir, 'key'), key)
}

/** What a folder holds, as a person would see it who starts the server. */
async function look({ files, ...options }: Places): Promise<string> {
  const { db, close } = await openDatabase(options)
  try {
    const { name } = await db.selectFrom('workspaces').select('name').executeTakeFirstOrThrow()
    const rows = await db.selectFrom('files').select('hash').orderBy('name').execute()
    const texts = await Promise.all(rows.map(({ hash }) => readFile(join(files, 'wsp_1', hash.slice(0, 2), hash), 'utf8')))
    assert.equal(texts.join(), name, 'every file is there that the database knows')
    return `${name} ${await readFile(join(options.dir, 'key'), 'utf8')}`
  } finally {
    await close()
  }
}

/** A folder with an older state. */
async function older(name: string): Promise<Places> {
  const old = placesIn(join(place.dir, name))
  await fill(old, ['a', 'old'], 'old key')
  return old
}

suite('a backup', () => {
  test('is one archive that every tar can read, for nobody else to read', async () => {
    const { stdout } = await promisify(execFile)('tar', ['-tf', archive])
    const names = stdout.trim().split('\n')
    assert.deepEqual([names.slice(0, 3), names.at(-1)], [['manifest.json', 'database', 'key'], 'end.json'])
    assert.equal(names.length, 7)
    assert.equal((await stat(archive)).mode & 0o777, 0o600)
    assert.deepEqual((await readdir(place.dir)).sort(), ['data', 'pilot.backup'])
  })

  test('never writes over a file, and never into half of one', async () => {
    const before = await readFile(archive)
    await assert.rejects(backup(places, archive, false), stops(/exists already/))
    assert.ok(before.equals(await readFile(archive)))
    await assert.rejects(backup({ ...places, files: '/dev/null/x' }, join(place.dir, 'no', 'folder'), false))
  })

  test('holds the key only when asked, and says so when there is none', async () => {
    const target = join(place.dir, 'plain.backup')
    await backup(places, target, false)
    assert.ok(!(await readFile(target)).includes('the key'))
    assert.ok((await readFile(archive)).includes('the key'))
    const bare = await older('bare')
    await rm(join(bare.dir, 'key'))
    await assert.rejects(backup(bare, join(place.dir, 'none.backup'), true), stops(/no key file/))
  })

  test('is made while the server writes, and notes files that were deleted meanwhile', async () => {
    const busy = await older('busy')
    const { files: _, ...options } = busy
    const { db, close } = await openDatabase(options)
    let on = true
    let count = 0
    const writing = (async () => {
      while (on) {
        await db.transaction().execute(async trx => {
          await trx
            .insertInto('facts')
            .values({ name: `${count}.1`, value: 'x'.repeat(500) })
            .execute()
          await trx
            .insertInto('facts')
            .values({ name: `${count}.2`, value: 'x'.repeat(500) })
            .execute()
        })
        count += 1
      }
    })()
    await rm(join(busy.files, 'wsp_1', (await sha256Of([Buffer.from('old')])).slice(0, 2)), { recursive: true })
    const target = join(place.dir, 'busy.backup')
    const report = await backup(busy, target, false)
    on = false
    await writing
    await close()
    assert.deepEqual([report.files, report.missingCount, report.missing.length], [1, 1, 1])
    assert.ok((report.counts.facts ?? 1) % 2 === 0, 'no half of a transaction')
    assert.ok(count > 0)
  })

  test('of a folder without a database is refused', async () => {
    await assert.rejects(backup(placesIn(join(place.dir, 'nowhere')), join(place.dir, 'x'), false), stops(/no database/))
  })
})

suite('a restore', () => {
  test('brings everything back and keeps what was there', async () => {
    const old = await older('kept')
    const { kept, aside, newKey } = await restore(old, archive)
    assert.ok(kept)
    assert.deepEqual([aside, newKey], [1, true])
    assert.equal(await look(old), 'a,b,c the key')
    const left = (await readdir(old.dir)).filter(name => !name.startsWith('before-restore-')).sort()
    assert.deepEqual(left, ['database.sqlite', 'files', 'key', 'lock'])
    assert.deepEqual(await readdir(old.files), ['wsp_1'])

    await rm(join(old.dir, 'database.sqlite'))
    await cp(kept, old.dir, { recursive: true })
    assert.equal(await look(old), 'a,old old key', 'the way back')
  })

  test('works where nothing was before, and where the database is damaged', async () => {
    const fresh = placesIn(join(place.dir, 'fresh'))
    assert.equal((await restore(fresh, archive)).kept, null)
    assert.equal(await look(fresh), 'a,b,c the key')
    await writeFile(join(fresh.dir, 'database.sqlite'), 'nonsense')
    await assert.rejects(look(fresh), stops(/damaged/))
    const { kept, newKey } = await restore(fresh, archive)
    assert.equal(newKey, false, 'the key is this one already')
    assert.equal(await look(fresh), 'a,b,c the key')
    assert.equal(await readFile(join(kept ?? '', 'database.sqlite'), 'utf8'), 'nonsense')
  })

  test('is refused while a server has the folder', async () => {
    const old = await older('running')
    const { files: _, ...options } = old
    const { close } = await openDatabase(options)
    try {
      await assert.rejects(restore(old, archive), stops(/in use by another PromptPilot/))
    } finally {
      await close()
    }
    assert.equal(await look(old), 'a,old old key')
  })

  test('of a damaged, cut or foreign archive changes nothing', async () => {
    const old = await older('refused')
    const whole = await readFile(archive)
    const target = join(place.dir, 'wrong.backup')
    const tried: [RegExp, Buffer][] = [
      [/There is no file/, Buffer.alloc(0)],
      [/damaged: it breaks off/, Buffer.from('no backup')],
      [/damaged: a header/, Buffer.from('This is a long letter. '.repeat(100))],
      ...[10, 600, 5_000, whole.length - 2_560, whole.length - 2_048, whole.length - 1_943, whole.length - 1_536].map(
        at => [/damaged|not a backup/, flipped(whole, at)] as [RegExp, Buffer],
      ),
      ...[511, 1_024, 30_000, whole.length - 3_000, whole.length - 1_024].map(
        at => [/damaged/, whole.subarray(0, at)] as [RegExp, Buffer],
      ),
    ]
    for (const [word, bytes] of tried) {
      await rm(target, { force: true })
      if (bytes.length > 0) await writeFile(target, bytes)
      await assert.rejects(restore(old, target), stops(word))
    }
    assert.equal(await look(old), 'a,old old key')
    assert.deepEqual((await readdir(old.dir)).sort(), ['database.sqlite', 'files', 'key', 'lock'])
  })

  test('refuses what a backup cannot hold, such as a way out of the folder', async () => {
    const old = await older('foreign')
    const changed = async (change: (entry: { name: string; text: string }) => { name: string; text: string } | null) => {
      const target = join(place.dir, 'changed.backup')
      await pipeline(Readable.from(pack(edited(change), 0)), createWriteStream(target))
      return restore(old, target)
    }
    const manifest = (edit: (it: Record<string, unknown>) => object) => (it: { name: string; text: string }) =>
      it.name === 'manifest.json' ? { ...it, text: JSON.stringify({ ...JSON.parse(it.text), ...edit(JSON.parse(it.text)) }) } : it
    const renamed = (name: string) => (it: { name: string; text: string }) =>
      it.name.startsWith('files/') ? { ...it, name } : it

    for (const name of ['files/../../../evil', '/etc/evil', 'files/wsp_1/aa/evil', 'evil'])
      await assert.rejects(changed(renamed(name)), stops(/something unknown/))
    await assert.rejects(
      changed(it => (it.name === 'end.json' ? null : it)),
      stops(/its end is missing/),
    )
    await assert.rejects(
      changed(it => (it.name.startsWith('files/') ? null : it)),
      stops(/0 files instead of 3/),
    )
    await assert.rejects(
      changed(it => (it.name === 'key' ? null : it)),
      stops(/the key is not/),
    )
    await assert.rejects(changed(manifest(() => ({ version: 2 }))), stops(/newer PromptPilot/))
    await assert.rejects(changed(manifest(() => ({ kind: 'postgres' }))), stops(/cannot be mixed/))
    await assert.rejects(
      changed(manifest(() => ({ migrations: ['9999-later'] }))),
      stops(/9999-later, which this one does not know/),
    )
    await assert.rejects(changed(manifest(() => ({ counts: { users: 7 } }))), stops(/rows instead of/))
    assert.equal(await look(old), 'a,old old key')
  })

  const cuts = [
    { by: 'kill -9', act: `process.kill(process.pid, 'SIGKILL')`, names: ['rename', 'rm'] },
    { by: 'a failing disk', act: `throw new Error('EIO')`, names: ['rename'] },
  ]
  for (const { by, act, names } of cuts)
    test(`that is cut off by ${by} leaves the old state or the new one, wherever it is hit`, { timeout: 120_000 }, async () => {
      const seen = new Set<string>()
      const before = await older(`before ${by}`)
      let last: number | null = null
      for (let hit = 1; last !== 0; hit += 1) {
        const old = placesIn(join(place.dir, `${by} ${hit}`))
        await cp(before.dir, old.dir, { recursive: true })
        last = await restoreUntil(hit, act, names, old)
        seen.add(await look(old))
        await assert.rejects(restore(old, '/nowhere'), stops(/no file/))
        assert.deepEqual(
          (await readdir(old.dir)).filter(name => name.startsWith('rest')),
          [],
          'the next restore clears up',
        )
      }
      assert.deepEqual([...seen].sort(), ['a,b,c the key', 'a,old old key'])
    })

  test('of an older backup is brought up to date by the next start', async () => {
    const early = placesIn(join(place.dir, 'early'))
    const { files: _, ...options } = early
    const database = await openDatabase({ ...options, migrate: false })
    await migrate(database, { ...options, to: NOTHING })
    await database.close()
    await backup(early, join(place.dir, 'early.backup'), false)
    const old = await older('update')
    await restore(old, join(place.dir, 'early.backup'))
    const { db, close } = await openDatabase({ ...options, dir: old.dir })
    assert.deepEqual(await db.selectFrom('users').selectAll().execute(), [])
    await close()
  })
})

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 0xff
  return copy
}

async function* edited(
  change: (entry: { name: string; text: string }) => { name: string; text: string } | null,
): AsyncGenerator<Entry> {
  for await (const { name, bytes } of unpack(createReadStream(archive))) {
    const chunks: Uint8Array[] = []
    for await (const chunk of bytes) chunks.push(chunk)
    const entry = change({ name, text: Buffer.concat(chunks).toString('latin1') })
    const whole = Buffer.from(entry?.text ?? '', 'latin1')
    if (entry) yield { name: entry.name, size: whole.length, bytes: Readable.from([whole]) }
  }
}

/** Restores in a process that is cut off instead of its n-th change to a folder. Answers 0 when it came to its end. */
async function restoreUntil(hit: number, act: string, names: string[], { files, dir }: Places): Promise<number | null> {
  const at = (path: string) => JSON.stringify(new URL(path, import.meta.url))
  const program = `
    import disk from 'node:fs/promises'
    import { syncBuiltinESMExports } from 'node:module'
    let left = ${hit}
    for (const name of ${JSON.stringify(names)}) {
      const real = disk[name]
      disk[name] = async (...given) => {
        left -= 1
        if (left === 0) ${act}
        return real(...given)
      }
    }
    syncBuiltinESMExports()
    const { restore } = await import(${at('./restore.ts')})
    const { systemClock } = await import(${at('../ids.ts')})
    const { silent } = await import(${at('../log.ts')})
    const places = { url: null, dir: ${JSON.stringify(dir)}, files: ${JSON.stringify(files)}, pool: 1, durability: 'full', log: silent, clock: systemClock }
    await restore(places, ${JSON.stringify(archive)}).catch(error => error.message === 'EIO' ? process.exit(1) : Promise.reject(error))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' })
  return new Promise(resolve => child.on('exit', resolve))
}
