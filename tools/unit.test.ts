import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { count } from './browser.ts'
import { isGood, line, type Tally } from './tally.ts'
import { runFile } from './unit.ts'

suite('the test run', () => {
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counted-'))
  })
  after(() => rm(folder, { recursive: true }))

  async function counted(source: string): Promise<Tally> {
    const file = join(folder, 'a.test.ts')
    await writeFile(file, `import { before, suite, test } from 'node:test'\n${source}`)
    const { passed, failed, skipped } = await runFile(file, {}, { test: 400, silence: 2000 })
    const named = (name: string) => name.replace(`${file}: `, '')
    return { passed, failed: failed.map(named), skipped: skipped.map(named) }
  }

  test('counts what passes and what is skipped, with the reason', async () => {
    const source =
      "test('a', () => {}); suite('s', () => { test('b', () => {}) }); test('c', { skip: 'no server' }, () => {}); suite('d', { skip: 'no disk' }, () => {})"
    assert.deepEqual(await counted(source), { passed: 2, failed: [], skipped: ['c (no server)', 'd (no disk)'] })
  })

  test('counts a failure once, where it is', async () => {
    const source = "suite('s', () => { test('a', t => t.test('b', () => { throw new Error('x') })) }); test('c', () => {})"
    assert.deepEqual(await counted(source), { passed: 1, failed: ['s › a › b'], skipped: [] })
  })

  test('counts what was to be done one day as skipped', async () => {
    assert.deepEqual(await counted("test('a', { todo: 'later' }, () => { throw new Error('x') })"), {
      passed: 0,
      failed: [],
      skipped: ['a (later)'],
    })
  })

  test('does not wait for a test that takes too long', async () => {
    assert.deepEqual((await counted("test('a', () => new Promise(() => setTimeout(() => {}, 1000)))")).failed, ['a'])
  })

  test('does not wait for a file that does not end', async () => {
    const { passed, failed } = await counted("test('a', () => { setInterval(() => {}, 1000) })")
    assert.deepEqual({ passed, failed }, { passed: 1, failed: ['it did not end: nothing happened for 2 s'] })
  })

  for (const [what, source, ending] of [
    ['cannot be loaded', "throw new Error('x')", 'it ended with code 1'],
    ['has no test', '', 'there is no test in this file'],
    ['dies', "test('a', () => process.kill(process.pid, 'SIGKILL'))", 'it was ended by SIGKILL'],
    ['throws after its last test', "test('a', () => { setTimeout(() => { throw new Error('x') }, 20) })", 'it ended with code 1'],
  ] as const) {
    test(`counts a file that ${what} as failed`, async () => assert.deepEqual((await counted(source)).failed, [ending]))
  }

  test('counts a hook that throws as failed', async () => {
    assert.ok(
      (await counted("suite('s', () => { before(() => { throw new Error('x') }); test('a', () => {}) })")).failed.includes('s'),
    )
  })

  test('ends with one line, and is not good in CI while anything is skipped', () => {
    const tally = { passed: 3, failed: [], skipped: ['a (no server)'] }
    assert.equal(line(tally), '3 passed, 0 failed, 1 skipped')
    assert.deepEqual(
      [isGood(tally, {}), isGood(tally, { CI: 'true' }), isGood({ ...tally, failed: ['b'] }, {})],
      [true, false, false],
    )
  })

  test('counts the stories of the browser, and an error outside of them', () => {
    const told = (title: string, status: 'expected' | 'unexpected' | 'flaky' | 'skipped') => ({
      ...{ title, file: 'join.spec.ts', line: 3 },
      tests: [{ status, annotations: status === 'skipped' ? [{ type: 'skip', description: 'no mail' }] : [] }],
    })
    const inner = { title: 'in', specs: [told('b', 'unexpected'), told('c', 'skipped'), told('d', 'flaky')] }
    assert.deepEqual(
      count({
        suites: [{ title: 'out', specs: [told('a', 'expected')], suites: [inner] }],
        errors: [{ message: 'no such file\nat x' }],
      }),
      {
        passed: 1,
        failed: ['no such file', 'e2e/join.spec.ts:3: b', 'e2e/join.spec.ts:3: d'],
        skipped: ['e2e/join.spec.ts:3: c (no mail)'],
      },
    )
  })
})
