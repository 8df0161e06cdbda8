import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, suite, test } from 'node:test'
import { root } from './child.ts'

const OLD = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`
const TELLS = `data:text/javascript,process.once('exit', () => console.log(process.moduleLoadList.some(it => it.includes('amaro')) ? 'stripped' : 'found compiled'))`
const MAIN = `
const [word, ...rest]: (string | undefined)[] = process.argv.slice(2)
if (word === 'fail') process.exitCode = 4
if (word === 'wait') process.on('SIGTERM', () => process.exit(3))
if (word === 'wait') setInterval(() => {}, 1000)
console.log(process.versions.node, word, ...rest)
if (word === 'die') process.kill(process.pid, 'SIGKILL')
`

suite('the command promptpilot', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'command-'))
    for (const name of ['bin', 'src', 'node_modules/.bin']) await mkdir(join(folder, name), { recursive: true })
    await copyFile(join(root, 'bin/promptpilot.js'), join(folder, 'bin/promptpilot.js'))
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
    await writeFile(join(folder, 'src/main.ts'), MAIN)
  })
  afterEach(() => rm(folder, { recursive: true }))

  const begin = (flags: string[], args: string[]) =>
    spawn(process.execPath, [...flags, join(folder, 'bin/promptpilot.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })

  async function ended(child: ChildProcess) {
    let out = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (out += chunk))
    const [code, signal] = await once(child, 'close')
    return { code, signal, out }
  }

  test('starts at once where Node is new enough', async () => {
    assert.deepEqual(await ended(begin([], ['a', 'b'])), { code: 0, signal: null, out: `${process.versions.node} a b\n` })
    assert.equal((await ended(begin([], ['fail']))).code, 4)
  })

  test('loads the type stripper, which holds 10 MB, only when a file is new', async () => {
    const loaded = async () => (await ended(begin(['--import', TELLS], []))).out.trim().split('\n').at(-1)
    assert.equal(await loaded(), 'stripped')
    assert.equal(await loaded(), 'found compiled')
    await writeFile(join(folder, 'src/main.ts'), `${MAIN}const more: number = 1\n`)
    assert.equal(await loaded(), 'stripped')
  })

  test('says in one sentence that Node is too old', async () => {
    const { code, out } = await ended(begin(['--import', OLD], ['start']))
    assert.equal(code, 1)
    assert.match(out, /^PromptPilot needs Node 24\.15 or newer and this is Node 20\.20\.2: [^\n]+\n$/)
  })

  test('hands over to the Node that npm brought, with the arguments, the exit code and the signals', async () => {
    await symlink(process.execPath, join(folder, 'node_modules/.bin/node'))
    const old = (word: string) => begin(['--import', OLD], [word])
    assert.deepEqual(await ended(old('x')), { code: 0, signal: null, out: `${process.versions.node} x\n` })
    assert.equal((await ended(old('fail'))).code, 4)
    assert.equal((await ended(old('die'))).signal, 'SIGKILL')
    const waiting = old('wait')
    waiting.stdout?.once('data', () => waiting.kill('SIGTERM'))
    assert.equal((await ended(waiting)).code, 3)
  })
})
