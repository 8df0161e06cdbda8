import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { afterEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '#errors.ts'
import { type Allowed, makePrograms, type Programs, type Running } from './program.ts'

const NODE = process.execPath
const ECHO = 'process.stdin.on("data", text => process.stdout.write("heard " + text))'
const any: Allowed = { words: [NODE, '-e'], more: true, env: { TOKEN: null, KIND: 'test' } }

let open: Programs[] = []
afterEach(async () => {
  await Promise.all(open.map(it => it.close()))
  open = []
})

function programs(allowed: Allowed[] = [any], more: { most?: number; grace?: number } = {}): Programs {
  const made = makePrograms({ allowed, env: { PATH: process.env.PATH ?? '', LANG: 'C' }, ...more })
  open.push(made)
  return made
}

/** Starts a script and notes what it says about itself. */
async function start(code: string, { from = programs(), signal = new AbortController().signal, env = {} } = {}) {
  const lines: string[] = []
  return {
    lines,
    running: await from.start({ command: NODE, args: ['-e', code], env }, { signal, log: line => lines.push(line) }),
  }
}

async function all({ output }: Running): Promise<string> {
  let text = ''
  for await (const chunk of output) text += Buffer.from(chunk).toString()
  return text
}

async function first({ output }: Running): Promise<string> {
  for await (const chunk of output) return Buffer.from(chunk).toString()
  return ''
}

async function faultOf(going: Promise<unknown>): Promise<Fault> {
  const error = await going.then(
    () => assert.fail('it went well'),
    reason => reason,
  )
  assert.ok(error instanceof Fault, String(error))
  return error
}

/** One that has ended and was not fetched by anybody yet is there no more. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch (error) {
    return error instanceof Error && 'path' in error && !existsSync('/proc/self/stat')
  }
}
async function gone(pid: number): Promise<void> {
  for (const late = Date.now() + 20_000; isThere(pid); await sleep(10)) assert.ok(Date.now() < late, `${pid} is still there`)
}

const quiet = { signal: new AbortController().signal, log: () => {} }

test('an allowed program is spoken with, and ends when its input does', async () => {
  const { running } = await start(ECHO)
  await running.write('one')
  const text = first(running)
  assert.equal(await text, 'heard one')
  await running.end()
})

test('nothing starts that is not allowed word for word, and the message is what to set', async () => {
  const exact = programs([{ words: ['/bin/echo', 'a b', 'c'], more: false, env: {} }])
  for (const [command, ...args] of [
    ['/bin/echo'],
    ['/bin/echo', 'a b'],
    ['/bin/echo', 'a b', 'c', 'd'],
    ['/bin/echo', 'a', 'b', 'c'],
    ['echo', 'a b', 'c'],
  ]) {
    const fault = await faultOf(exact.start({ command: command ?? '', args }, quiet))
    assert.equal(fault.code, 'program.not_allowed')
    assert.match(fault.message, /MCP_COMMANDS: \S*echo/)
  }
  assert.equal(await all(await exact.start({ command: '/bin/echo', args: ['a b', 'c'] }, quiet)), 'a b c\n')
  const none = await faultOf(programs([]).start({ command: '/bin/echo', args: ['a b', 'x,y'] }, quiet))
  assert.match(none.message, /MCP_COMMANDS: \/bin\/echo "a b" "x,y"$/)
})

test('no shell reads the words', async () => {
  const it = programs([{ words: ['/bin/echo'], more: true, env: {} }])
  assert.equal(
    await all(await it.start({ command: '/bin/echo', args: ['$HOME; id', '`id`', '&& id'] }, quiet)),
    '$HOME; id `id` && id\n',
  )
})

test('its environment is where things are, what the operator set, and what may be set', async () => {
  const shown = 'console.log(JSON.stringify(process.env))'
  const { running } = await start(shown, { env: { TOKEN: 'abc' } })
  const env = JSON.parse(await all(running))
  assert.deepEqual(env, { PATH: process.env.PATH, LANG: 'C', KIND: 'test', TOKEN: 'abc' })
  for (const name of ['NODE_OPTIONS', 'LD_PRELOAD', 'PATH', 'KIND', '__proto__']) {
    const fault = await faultOf(start(shown, { env: Object.fromEntries([[name, 'x']]) }))
    assert.equal(fault.code, 'program.not_allowed', name)
    assert.ok(fault.message.includes(`${name}= `), fault.message)
  }
})

test('what it says about itself is heard line by line', async () => {
  const { running, lines } = await start('console.error("one\\ntwo"); console.error(""); console.log("out")')
  assert.equal(await all(running), 'out\n')
  assert.deepEqual(lines, ['one', 'two'])
})

test('a program that ends badly says how, with its last words', async () => {
  const { running } = await start('console.error("no key"); process.exit(3)')
  const fault = await faultOf(all(running))
  assert.equal(fault.code, 'program.ended')
  assert.match(fault.message, /ended with code 3; it said: no key\.$/)
})

test('a program that is not there is named', async () => {
  const fault = await faultOf(
    programs([{ words: ['no-such-program'], more: false, env: {} }]).start({ command: 'no-such-program' }, quiet),
  )
  assert.equal(fault.code, 'program.not_started')
  assert.match(fault.message, /There is no program no-such-program on this server/)
})

/** Starts another one that stays, and both turn a deaf ear to being asked to end. */
const STUBBORN = `
  process.on('SIGTERM', () => {})
  const child = require('child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log(process.pid)'], { stdio: ['ignore', 'inherit', 'inherit'] })
  setInterval(() => {}, 1000)
`

test('a program that does not end is ended, with everything it has started', async () => {
  const { running } = await start(STUBBORN, { from: programs([any], { grace: 50 }) })
  const pid = Number(await first(running))
  assert.ok(isThere(pid))
  await running.end()
  await gone(pid)
})

test('when nobody wants it any more it is ended, and whoever reads hears why', async () => {
  const given = new AbortController()
  const { running } = await start(STUBBORN, { from: programs([any], { grace: 50 }), signal: given.signal })
  const reading = running.output[Symbol.asyncIterator]()
  const pid = Number(Buffer.from((await reading.next()).value ?? []).toString())
  given.abort(new Error('cancelled'))
  await assert.rejects(async () => reading.next(), /cancelled/)
  await gone(pid)
  await assert.rejects(start(ECHO, { signal: given.signal }), /cancelled/)
})

test('the children of a program that ended by itself are ended, too', async () => {
  const { running } = await start(
    `const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }); console.log(child.pid); setTimeout(() => process.exit(0), 20)`,
  )
  const pid = Number(await all(running))
  assert.ok(pid > 0)
  await gone(pid)
})

test('the stop of the server ends all of them, and starts no more', async () => {
  const from = programs([any], { grace: 50 })
  const { running } = await start(STUBBORN, { from })
  const pid = Number(await first(running))
  await from.close()
  await gone(pid)
  assert.equal((await faultOf(start(ECHO, { from }))).code, 'server.stopping')
})

test('only so many run at once; whoever comes later is asked to come again', async () => {
  const from = programs([any], { most: 1 })
  const { running } = await start(ECHO, { from })
  const fault = await faultOf(start(ECHO, { from }))
  assert.deepEqual([fault.code, fault.status, fault.retryAfter], ['program.busy', 503, 5])
  await running.end()
  await (await start(ECHO, { from })).running.end()
})

test('one that never stops writing is stopped', async () => {
  const { running } = await start('const a = "x".repeat(1e6); (function go() { process.stdout.write(a, go) })()')
  assert.equal((await faultOf(all(running))).code, 'program.too_large')
  await running.end()
})
