import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { Fault } from '#errors.ts'
import { systemClock } from '#ids.ts'
import { silent } from '#log.ts'
import { diskFiles } from './disk.ts'
import { behavesAsFiles, listed } from './files.contract.ts'

const run = promisify(execFile)
const open = (root: string) => diskFiles({ root, clock: systemClock, log: silent })
const newFolder = () => mkdtemp(join(tmpdir(), 'files-'))

async function folder(t: TestContext): Promise<string> {
  const root = await newFolder()
  t.after(() => rm(root, { recursive: true, force: true }))
  return root
}

async function* from(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part)
}

behavesAsFiles({
  async open() {
    const root = await newFolder()
    return { files: await open(root), leftovers: () => readdir(join(root, 'tmp')), close: () => rm(root, { recursive: true }) }
  },
})

test('a value lies under its workspace and hash, and only its owner may read it', async t => {
  const root = await folder(t)
  const { hash } = await (await open(join(root, 'deep', 'files'))).put('wsp_one', from('x'), 10)
  const path = join(root, 'deep', 'files', 'wsp_one', hash.slice(0, 2), hash)
  assert.equal(await readFile(path, 'utf8'), 'x')
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.equal((await stat(join(root, 'deep', 'files', 'wsp_one'))).mode & 0o777, 0o700)
})

test('putting a value again heals one that lost its bytes', async t => {
  const root = await folder(t)
  const files = await open(root)
  const { hash } = await files.put('wsp_one', from('whole'), 10)
  await writeFile(join(root, 'wsp_one', hash.slice(0, 2), hash), 'wh')
  await files.put('wsp_one', from('whole'), 10)
  assert.equal(String(await buffer(await files.get('wsp_one', hash))), 'whole')
})

test('what an interrupted upload left is removed at the next start when it is a day old', async t => {
  const root = await folder(t)
  await open(root)
  const ago = (hours: number) => new Date(Date.now() - hours * 3600_000)
  for (const [name, hours] of [
    ['tmp_old', 25],
    ['tmp_young', 23],
  ] as const) {
    await writeFile(join(root, 'tmp', name), 'half')
    await utimes(join(root, 'tmp', name), ago(hours), ago(hours))
  }
  await open(root)
  assert.deepEqual(await readdir(join(root, 'tmp')), ['tmp_young'])
})

test('a process that is killed while it writes leaves no half value under a hash', async t => {
  const root = await folder(t)
  const script = `import { diskFiles } from '#files/disk.ts'
    import { systemClock } from '#ids.ts'
    import { silent } from '#log.ts'
    const files = await diskFiles({ root: process.argv[1], clock: systemClock, log: silent })
    async function* slow() { yield Buffer.alloc(100000); process.stdout.write('begun'); await new Promise(done => setTimeout(done, 60000)) }
    await files.put('wsp_one', slow(), 1e6)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, root], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise(done => child.once('exit', done))
  await new Promise(begun => child.stdout.once('data', begun))
  child.kill('SIGKILL')
  await ended
  const files = await open(root)
  assert.deepEqual(await listed(files), [])
  assert.equal((await readdir(join(root, 'tmp'))).length, 1)
})

test('a full disk is said in words, leaves nothing behind, and what is there stays readable', async t => {
  const root = await smallDisk(t)
  if (root === null) return t.skip('a small disk can only be made as root, with the right to mount')
  const files = await open(root)
  const { hash } = await files.put('wsp_one', from('kept'), 10)
  async function* large() {
    for (let part = 0; part < 40; part += 1) yield Buffer.alloc(64 * 1024, part)
  }
  const full = (error: unknown) => error instanceof Fault && error.code === 'storage.full'
  await assert.rejects(files.put('wsp_one', large(), 1e9), full)
  assert.deepEqual(await readdir(join(root, 'tmp')), [])
  assert.equal(String(await buffer(await files.get('wsp_one', hash))), 'kept')

  await writeFile(join(root, 'rest'), Buffer.alloc(2 ** 20)).catch(() => {})
  await assert.rejects(files.check(), full)
  await rm(join(root, 'rest'))
  await files.check()
})

/** A disk of one megabyte. */
async function smallDisk(t: TestContext): Promise<string | null> {
  const root = await newFolder()
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', root]).then(
    () => true,
    () => false,
  )
  t.after(async () => {
    if (mounted) await run('umount', [root])
    await rm(root, { recursive: true })
  })
  return mounted ? root : null
}

test('a folder that cannot be used is known at the start', async t => {
  const root = await folder(t)
  await writeFile(join(root, 'file'), '')
  await assert.rejects(open(join(root, 'file')))
  await mkdir(join(root, 'fine'))
  await open(join(root, 'fine'))
})
