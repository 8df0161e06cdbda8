import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { after, suite, test } from 'node:test'
import { promisify } from 'node:util'
import { Fault } from '#errors.ts'
import { systemClock } from '#ids.ts'
import { silent } from '#log.ts'
import { makeSandbox, type Sandbox } from './sandbox.ts'

const open: Sandbox[] = []
after(() => Promise.all(open.map(one => one.close())))

function sandbox(options: { processes?: number; idle?: number } = {}): Sandbox {
  const made = makeSandbox({ log: silent, clock: systemClock, ...options })
  open.push(made)
  return made
}

type More = { input?: unknown; timeout?: number; memory?: number; signal?: AbortSignal; log?: (line: string) => void }
const never = new AbortController().signal

async function value(
  it: Sandbox,
  code: string,
  { input = null, timeout = 20_000, memory = 64, signal = never, log = () => {} }: More = {},
) {
  return (await it.run({ code, input, timeout, memory }, { signal, log })).value
}

async function fault(it: Sandbox, code: string, more: More = {}): Promise<Fault> {
  const error = await value(it, code, more).then(
    got => assert.fail(`it returned ${JSON.stringify(got)}`),
    error => error,
  )
  assert.ok(error instanceof Fault, String(error))
  return error
}

/** The processes that this one has started, by what Linux says. */
function children(of = process.pid): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => {
      try {
        const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? []
        return parent === String(of) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('--permission')
      } catch {
        return false
      }
    })
    .map(Number)
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(done => setTimeout(done, 5))
}

const it = sandbox()

suite('code', () => {
  test('is the body of an async function of its input, and what it returns is the value', async () => {
    assert.deepEqual(await value(it, 'return { n: input.n + 1 }', { input: { n: 1 } }), { n: 2 })
    assert.deepEqual(await value(it, 'return await Promise.all([1, Promise.resolve(2)])'), [1, 2])
    assert.equal(await value(it, ''), null)
    assert.equal(await value(it, 'return // nothing'), null)
    assert.equal(await value(it, 'return input', { input: undefined }), null)
  })

  test('keeps every text and number as it is, both ways', async () => {
    const input = {
      text: 'é☃😀\u0000\ud800 {{ x }} \u2028',
      list: [0.1, -1e300, true, null],
      'odd key': { __proto__: null, a: '' },
    }
    assert.deepEqual(await value(it, 'return input', { input }), JSON.parse(JSON.stringify(input)))
  })

  test('writes lines into the log', async () => {
    const lines: string[] = []
    await value(
      it,
      'console.log("a", { b: 1 }, undefined, new Map([["c", 1n]])); console.warn("w"); console.error(new TypeError("t"))',
      {
        log: line => lines.push(line),
      },
    )
    assert.deepEqual(lines, ['a {"b":1} undefined {"c":"1n"}', 'warning: w', 'error: TypeError: t'])
  })

  test('that writes without an end is cut off, and goes on', async () => {
    const many: string[] = []
    assert.equal(await value(it, 'for (let i = 0; i < 1e6; i++) console.log(i); return 1', { log: line => many.push(line) }), 1)
    assert.equal(many.length, 1_001)
    assert.match(many.at(-1) ?? '', /More was written/)
    const large: string[] = []
    await value(it, 'for (let i = 0; i < 100; i++) console.log("x".repeat(1e6))', { log: line => large.push(line) })
    assert.ok(large.join('').length < 110_000)
  })

  test('has the usual tools: addresses, UTF-8, base64, copies, places, names', async () => {
    const code = `
      const url = new URL('../c?a=1#h', 'https://user@ex.com:8080/a/b')
      url.searchParams.append('b', '2 3')
      url.hostname = 'bücher.de'
      const copy = structuredClone({ a: new Map([[1, new Set([2])]]), d: new Date(5) })
      return [url.href, url.searchParams.get('b'), String(new URLSearchParams({ q: 'a&b' })), JSON.stringify({ url }),
        [...new TextEncoder().encode('é')], new TextDecoder().decode(new Uint8Array([0xc3, 0xa9, 0xff])), btoa('hi!'), atob('aGk='),
        copy.a.get(1).has(2), copy.d.getTime(), (1234.5).toLocaleString('de-DE'),
        new Date(0).toLocaleDateString('en-GB', { timeZone: 'Asia/Tokyo', dateStyle: 'full' }),
        new Intl.NumberFormat('en-US', { style: 'currency', currency: 'EUR' }).format(3), new Date(0).getTimezoneOffset()]`
    assert.deepEqual(await value(it, code), [
      'https://user@xn--bcher-kva.de:8080/c?a=1&b=2+3#h',
      '2 3',
      'q=a%26b',
      '{"url":"https://user@xn--bcher-kva.de:8080/c?a=1&b=2+3#h"}',
      [0xc3, 0xa9],
      'é\ufffd',
      'aGkh',
      'hi',
      true,
      5,
      '1.234,5',
      'Thursday, 1 January 1970',
      '€3.00',
      0,
    ])
    const [one, other] = await Promise.all(
      [1, 2].map(() => value(it, 'return [Math.random(), Math.random(), crypto.randomUUID(), crypto.randomUUID()]')),
    )
    assert.equal(new Set([one, other].flat()).size, 8)
  })

  test('that makes no sense as an address or a place says so', async () => {
    assert.match((await fault(it, '\nnew URL("nope")')).message, /^TypeError: "nope" is not a complete address \(line 2\)/)
    assert.match(
      (await fault(it, 'new Intl.DateTimeFormat("en", { timeZone: "Mars" })')).message,
      /RangeError: Invalid time zone/,
    )
  })
})

suite('a mistake', () => {
  const told: [string, RegExp, string][] = [
    ['const a = 1\n\nnull.x', /^TypeError: .*null.* \(line 3\)$/, 'script.failed'],
    ['await null\ninput.x()', /^TypeError: .*null.* \(line 2\)$/, 'script.failed'],
    ['class Mine extends Error { name = "Mine" }\nthrow new Mine("bad")', /^Mine: bad \(line 2\)$/, 'script.failed'],
    ['throw { code: 5 }', /^{"code":5}$/, 'script.failed'],
    ['throw { get message() { throw 1 }, toJSON() { throw 2 } }', /cannot be read/, 'script.failed'],
    ['JSON.stringify = () => "{"; throw new Error("x")', /cannot be read|x/, 'script.failed'],
    ['Object.prototype.toString = String.prototype.at = null; throw new Error("x")', /x/, 'script.failed'],
    ['await new Promise(() => {})', /waits for a promise/, 'script.failed'],
    ['const f = () => f()\nf()', /^RangeError: .*call stack.*line 1.*without an end/, 'script.failed'],
    ['return eval("(".repeat(20000))', /^RangeError: .*call stack/, 'script.failed'],
    ['const a = 1\nconst a = 2', /^SyntaxError: .*already been declared \(line 2\)$/, 'script.syntax'],
    ['let x = {;', /^SyntaxError: .*\(line 1\)$/, 'script.syntax'],
    ['}); (() => {', /too many/, 'script.syntax'],
    ['import fs from "fs"', /There is no import in code/, 'script.syntax'],
    ['return await import("fs")', /There is no import in code/, 'script.failed'],
    ['await fetch("https://example.com")', /There is no fetch in code; use an HTTP request node\.$/, 'script.failed'],
    ['require("fs")', /There is no require in code/, 'script.failed'],
    ['process.exit()', /There is no process in code/, 'script.failed'],
    ['setTimeout(() => 1)', /There is no setTimeout in code; use a Wait node\.$/, 'script.failed'],
    ['return $json.a', /what the node is given is in `input`\.$/, 'script.failed'],
  ]
  for (const [code, message, kind] of told)
    test(`is told with its line: ${code.replaceAll('\n', ' ⏎ ')}`, async () => {
      const error = await fault(it, code)
      assert.match(error.message, message)
      assert.equal(error.code, kind)
    })

  test('comes with the line as it was written', async () => {
    assert.deepEqual((await fault(it, 'const a = 1\n  null.x // here')).details, [{ path: 'line 2', message: 'null.x // here' }])
  })

  const unfit: [string, RegExp][] = [
    ['return () => 1', /^What the code returns is not JSON: it is a function\.$/],
    ['return { a: { b: [1, () => 1] } }', /at `a\.b\[1\]` .* a function/],
    ['return { n: 10n }', /at `n` .* a BigInt; use Number/],
    ['const a = {}; a.b = [a]; return a', /at `b\[0\]` .* contains itself/],
    ['return [new Map()]', /at `\[0\]` .* a Map; use Object\.fromEntries/],
    ['return { all: [Promise.resolve(1)] }', /a promise; put await before it/],
    ['return { e: new Error("x") }', /an Error; use its message/],
    ['return new TextEncoder().encode("x")', /bytes/],
  ]
  for (const [code, message] of unfit)
    test(`in what is returned is told with its place: ${code}`, async () => {
      const error = await fault(it, code)
      assert.equal(error.code, 'script.bad_result')
      assert.match(error.message, message)
    })
})

suite('code that never ends', () => {
  const endless = [
    'while (true);',
    'while (true) await null',
    'for (;;) try { await null } catch {} finally { continue }',
    'return /(a+)+$/.test("a".repeat(40) + "b")',
    'Promise.resolve().then(() => { while (true); }); await new Promise(() => {})',
    'return { toJSON() { while (true); } }',
    'return [].indexOf.call({ length: 2 ** 53 }, 1)',
  ]
  for (const code of endless)
    test(`is stopped at its time, and the next one runs: ${code}`, async () => {
      const error = await fault(it, code, { timeout: 100 })
      assert.deepEqual([error.code, error.message], ['script.timeout', 'The code was stopped after 0.1 s.'])
      assert.equal(await value(it, 'return 1'), 1)
    })
})

suite('code that wants too much', () => {
  const greedy = [
    'let s = "x"; while (true) s += s',
    'let s = "é"; const all = []; while (true) all.push(s = s + s.length)',
    'const a = []; while (true) a.push({ a: 1, b: [1, 2, 3] })',
    'const a = []; try { while (true) a.push("x".repeat(1e6) + a.length) } catch (e) { throw e }',
    'return new ArrayBuffer(2e9).byteLength',
    'return new Array(1e9).fill(1).length',
    'return /(?:a|b)*c/.test("ab".repeat(5e6))',
  ]
  for (const code of greedy)
    test(`of memory is stopped, and others are not touched: ${code}`, async () => {
      const error = await fault(it, code, { memory: 32 })
      assert.deepEqual([error.code, error.message], ['script.memory', 'The code needs more than the 32 MB of memory it may use.'])
      assert.equal(await value(it, 'return 1'), 1)
    })

  test('may use what it is given', async () => {
    const code = 'const a = []; for (let i = 0; i < 100; i++) a.push(new Uint8Array(1e6).fill(i)); return a.length'
    assert.equal(await value(it, code, { memory: 200 }), 100)
    assert.equal((await fault(it, code, { memory: 64 })).code, 'script.memory')
  })

  test('by its input, its result or itself is refused', async () => {
    const large = { input: 'x'.repeat(10_000_001), code: `// ${'x'.repeat(1_000_001)}` }
    assert.match((await fault(it, 'return 1', { input: large.input })).message, /input.*more than 10 MB/)
    assert.match((await fault(it, large.code)).message, /code has more than 1 MB/)
    assert.match((await fault(it, 'return "x".repeat(11e6)')).message, /returns has 11\.1 MB; 10 MB/)
    assert.equal((await fault(it, 'return "x".repeat(1e8)')).code, 'script.memory')
    assert.equal(await value(it, 'return input.length', { input: 'x'.repeat(9e6), memory: 64 }), 9e6)
    assert.equal((await fault(it, 'return input.length', { input: 'x'.repeat(9e6), memory: 16 })).code, 'script.memory')
  })
})

suite('code that wants to get out', () => {
  test('finds nothing of Node behind a function', async () => {
    const ways = [
      'return typeof this.constructor.constructor("return this")().process',
      'return typeof console.log.constructor("return globalThis")().require',
      'return typeof (await (async () => {}).constructor("return globalThis")()).process',
      'try { Math.random.call.call(console.log) } catch (e) { return typeof e.constructor.constructor("return globalThis")().process }\nreturn "undefined"',
      'try { new URL("x") } catch (e) { return typeof e.constructor.constructor("return globalThis")().process }',
    ]
    for (const code of ways) assert.equal(await value(it, code), 'undefined', code)
  })

  test('leaves nothing behind for the next one', async () => {
    const alone = sandbox({ processes: 1 })
    const foul = `Object.prototype.bad = 1; globalThis.left = 1; Array.prototype.map = null; JSON.parse = () => 'mine'
      Promise.prototype.then = null; Reflect.apply = null; Object.defineProperty = null; return 1`
    assert.equal(await value(alone, foul), 1)
    assert.deepEqual(
      await value(alone, 'return [typeof {}.bad, typeof left, typeof [].map, JSON.parse("1"), input]', { input: 7 }),
      ['undefined', 'undefined', 'function', 1, 7],
    )
    assert.equal(children().length > 0, true)
  })

  test('runs in a process that may not read files, start others or see the environment', async () => {
    const alone = sandbox()
    const before = children()
    await value(alone, 'return 1')
    const [pid] = children().filter(one => !before.includes(one))
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    assert.equal(readFileSync(`/proc/${pid}/environ`, 'utf8'), 'TZ=UTC\0')
    const own = `const tries = []
      const attempt = (name, f) => { try { f(); tries.push(name) } catch (e) { if (e.code !== 'ERR_ACCESS_DENIED') tries.push(name + e) } }
      const fs = await import('node:fs')
      attempt('read', () => fs.readFileSync('/etc/passwd'))
      attempt('write', () => fs.writeFileSync('/tmp/escaped', ''))
      const { spawnSync } = await import('node:child_process')
      attempt('spawn', () => spawnSync('true'))
      const { Worker } = await import('node:worker_threads')
      attempt('thread', () => new Worker('1', { eval: true }))
      console.log(JSON.stringify(tries))`
    const at = args.indexOf('--eval')
    const { stdout } = await promisify(execFile)(args[0] ?? '', [...args.slice(1, at), '--eval', own], { env: {}, cwd: '/' })
    assert.deepEqual(JSON.parse(stdout), [])
  })
})

suite('many', () => {
  test('are all answered, each with its own', async () => {
    const alone = sandbox({ processes: 2 })
    const all = Array.from({ length: 300 }, (_, n) => value(alone, 'return input * 2', { input: n }))
    assert.deepEqual(
      await Promise.all(all),
      all.map((_, n) => n * 2),
    )
  })

  test('do not wait for a few that take long', async () => {
    const alone = sandbox({ processes: 1 })
    const stop = new AbortController()
    const long = [1, 2].map(() => value(alone, 'while (true);', { signal: stop.signal }))
    assert.equal(await value(alone, 'return 1'), 1)
    stop.abort(new Error('enough'))
    for (const one of await Promise.allSettled(long)) assert.equal(one.status, 'rejected')
  })
})

suite('a run that is given up', () => {
  test('is stopped when it runs, and forgotten when it waits', async () => {
    const alone = sandbox({ processes: 1 })
    const [first, second] = [new AbortController(), new AbortController()]
    const runs = value(alone, 'console.log("up"); while (true);', {
      signal: first.signal,
      log: () => first.abort(new Error('no more')),
    })
    const waits = value(alone, 'return 2', { signal: second.signal })
    const stays = value(alone, 'return 3')
    second.abort(new Error('nor this'))
    await assert.rejects(waits, /nor this/)
    await assert.rejects(runs, /no more/)
    assert.equal(await stays, 3)
    await assert.rejects(value(alone, 'return 4', { signal: first.signal }), /no more/)
  })

  test('whose log fails, fails with that', async () => {
    const broken = () => {
      throw new Error('the log is full')
    }
    await assert.rejects(value(it, 'console.log(1); return 1', { log: broken }), /the log is full/)
    assert.equal(await value(it, 'return 1'), 1)
  })
})

suite('a process', () => {
  test('that is killed loses its run only, which may be tried again', async () => {
    const alone = sandbox({ processes: 1 })
    const before = children()
    let next: Promise<unknown> = Promise.resolve()
    const kill = () => {
      const pids = children().filter(pid => !before.includes(pid))
      next = value(alone, 'return 1')
      for (const pid of pids) process.kill(pid, 'SIGKILL')
    }
    const error = await fault(alone, 'console.log("up"); while (true);', { log: kill })
    assert.deepEqual([error.code, error.status], ['script.lost', 503])
    assert.equal(await next, 1)
  })

  test('ends when it has had nothing to do for a while, and when the sandbox is closed', async () => {
    const before = children()
    const brief = sandbox({ processes: 1, idle: 1 })
    assert.equal(await value(brief, 'return 1'), 1)
    await until(() => children().every(pid => before.includes(pid)))
    assert.equal(await value(brief, 'return 2'), 2)

    const shut = sandbox({ processes: 1 })
    const running = fault(shut, 'console.log("up"); while (true);', { log: () => void shut.close() })
    const waiting = fault(shut, 'return 1')
    for (const one of [await running, await waiting]) assert.equal(one.code, 'server.stopping')
    await shut.close()
    assert.equal((await fault(shut, 'return 1')).code, 'server.stopping')
  })

  const program = (code: string) => `import { makeSandbox } from '#sandbox/sandbox.ts'
    import { silent } from '#log.ts'
    import { systemClock } from '#ids.ts'
    const sandbox = makeSandbox({ log: silent, clock: systemClock })
    const run = code => sandbox.run({ code, input: null, timeout: 300000, memory: 64 }, { signal: new AbortController().signal, log: line => console.log(line) })
    ${code}`

  test('keeps nobody alive that has nothing else to do, and is not left behind', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      program('console.log((await run("return 1")).value)'),
    ])
    assert.equal(stdout, '1\n')
  })

  test('goes with a server that was killed', async () => {
    const server = spawn(
      process.execPath,
      ['--input-type=module', '-e', program('await run("console.log(1)"); console.log("ready")')],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    await new Promise(ready => server.stdout.once('data', ready))
    const left = children(server.pid)
    server.kill('SIGKILL')
    const lives = (pid: number) => {
      try {
        return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
      } catch {
        return false
      }
    }
    assert.ok(left.length > 0)
    await until(() => !left.some(lives))
  })
})
