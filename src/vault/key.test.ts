import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Stop } from '#errors.ts'
import { keyFileOf, keyFrom, newKey, openRing } from './key.ts'
import { lockKeyFile, readKeyFile, writeKeyFile } from './keyfile.ts'

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'key-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** Root may write everywhere; nobody may not. */
async function asNobody(act: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return act()
  process.seteuid?.(65534)
  try {
    await act()
  } finally {
    process.seteuid?.(0)
  }
}

const inFile = (dataDir: string, promptpilotKeyPrevious: string[] = []) => ({
  dataDir,
  promptpilotKey: null,
  promptpilotKeyPrevious,
})
const TEXT = 'thirty-two characters are enough!'

/** Expects an error for the operator that says all of this. */
const stop =
  (...words: string[]) =>
  (error: unknown) => {
    assert.ok(error instanceof Stop, String(error))
    for (const word of words) assert.ok(error.message.includes(word), error.message)
    return true
  }

test('a key is named by a hash of it, and a text is the same key wherever it is written', async t => {
  const dir = await folder(t)
  await writeKeyFile(keyFileOf(dir), [TEXT])
  const fromFile = (await openRing(inFile(dir))).current()
  const fromSetting = (await openRing({ ...inFile(dir), promptpilotKey: TEXT })).current()
  assert.deepEqual(fromFile, fromSetting)
  assert.match(fromFile?.id ?? '', /^[0-9a-f]{12}$/)
  assert.notEqual(keyFrom(`${TEXT} `).id, fromFile?.id)
})

test('the key file is made once, for its owner alone, and says what it is', async t => {
  const dir = join(await folder(t), 'new', 'data')
  const ring = await openRing(inFile(dir))
  assert.equal(ring.current(), null)
  await ring.create()
  const key = ring.current()
  assert.equal((await stat(keyFileOf(dir))).mode & 0o777, 0o600)
  assert.match(await readFile(keyFileOf(dir), 'utf8'), /^# The master keys of PromptPilot/)
  await ring.create()
  assert.deepEqual(ring.current(), key)
  assert.deepEqual((await openRing(inFile(dir))).current(), key)
})

test('processes that make the key file at the same moment end up with one key', async t => {
  const dir = await folder(t)
  const script = `import { openRing } from '#vault/key.ts'
    const ring = await openRing({ dataDir: process.argv[1], promptpilotKey: null, promptpilotKeyPrevious: [] })
    await ring.create()
    process.stdout.write(ring.current().id)`
  const ids = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
      return (await child.stdout.setEncoding('utf8').toArray()).join('')
    }),
  )
  assert.match(ids[0] ?? '', /^[0-9a-f]{12}$/)
  assert.deepEqual(new Set(ids).size, 1)
  assert.deepEqual((await readKeyFile(keyFileOf(dir)))?.length, 1)
})

test('a key file that others may read is refused with the command that mends it', async t => {
  const dir = await folder(t)
  const path = keyFileOf(dir)
  await writeKeyFile(path, [TEXT])
  for (const mode of [0o640, 0o604, 0o660]) {
    await chmod(path, mode)
    await assert.rejects(openRing(inFile(dir)), stop(`chmod 600 ${path}`, mode.toString(8)))
  }
  await chmod(path, 0o400)
  assert.ok((await openRing(inFile(dir))).current())
})

test('a damaged key file is refused without showing a word of it', async t => {
  const dir = await folder(t)
  const path = keyFileOf(dir)
  for (const text of ['', '# only a comment\n', `${TEXT}\nhunter2\n`, 'hunter2\n']) {
    await writeFile(path, text, { mode: 0o600 })
    await assert.rejects(openRing(inFile(dir)), error => {
      stop(path, 'damaged')(error)
      return !String(error).includes('hunter2')
    })
  }
})

test('a data folder that cannot be written to is named', async t => {
  const dir = await folder(t)
  const blocked = join(dir, 'file')
  await writeFile(blocked, '')
  await assert.rejects(
    (await openRing(inFile(dir))).create().then(() => openRing(inFile(join(blocked, 'data')))),
    stop(blocked),
  )
})

test('a data folder that this user may not write to is named', async t => {
  const dir = await folder(t)
  await chmod(dir, 0o555)
  const ring = await openRing(inFile(dir))
  await asNobody(() => assert.rejects(ring.create(), stop(`The folder ${dir} cannot be written to`)))
})

test('a running process follows the key file, and does not go on when it is gone', async t => {
  const dir = await folder(t)
  const ring = await openRing(inFile(dir))
  await ring.create()
  const [old = ''] = (await readKeyFile(keyFileOf(dir))) ?? []
  const next = newKey()
  await writeKeyFile(keyFileOf(dir), [next, old])
  assert.equal(ring.known(keyFrom(next).id), null)
  assert.deepEqual(await ring.find(keyFrom(next).id), keyFrom(next))
  assert.deepEqual(
    ring.ids(),
    [next, old].map(text => keyFrom(text).id),
  )
  assert.equal(await ring.find('000000000000'), null)
  await rm(keyFileOf(dir))
  await assert.rejects(ring.reread(), stop('is gone', keyFileOf(dir)))
})

test('older keys from the settings are read beside a key file and beside PROMPTPILOT_KEY', async t => {
  const dir = await folder(t)
  const ring = await openRing(inFile(dir, [TEXT]))
  await ring.create()
  assert.deepEqual(ring.known(keyFrom(TEXT).id), keyFrom(TEXT))
  assert.notEqual(ring.current()?.id, keyFrom(TEXT).id)
  const setting = await openRing({ dataDir: dir, promptpilotKey: newKey(), promptpilotKeyPrevious: [TEXT] })
  assert.deepEqual(await setting.find(keyFrom(TEXT).id), keyFrom(TEXT))
  assert.equal(setting.path, null)
})

test('only one process writes the key file, and the lock goes with its holder', async t => {
  const path = keyFileOf(await folder(t))
  const lock = await lockKeyFile(path, 0)
  const script = `import { lockKeyFile } from '#vault/keyfile.ts'
    process.stdout.write((await lockKeyFile(process.argv[1], 0)) === null ? 'held' : 'free')
    process.kill(process.pid, 'SIGKILL')`
  const attempt = async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    return (await child.stdout.setEncoding('utf8').toArray()).join('')
  }
  assert.equal(await attempt(), 'held')
  lock?.release()
  assert.equal(await attempt(), 'free')
  const again = await lockKeyFile(path, 0)
  assert.ok(again)
  again.release()
  assert.deepEqual((await readdir(join(path, '..'))).toSorted(), ['key.lock'])
})
