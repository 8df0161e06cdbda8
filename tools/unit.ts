import { glob } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import { end, root, start } from './child.ts'
import type { Report } from './reporter.ts'
import { empty, since, sum, type Tally } from './tally.ts'

const FILES = ['src/**/*.test.ts', 'web/**/*.test.ts', 'tools/**/*.test.ts']
const REPORTER = pathToFileURL(`${root}tools/reporter.ts`).href
/** A test may take a minute; a file in which nothing happens for longer than that hangs, usually on something it did not close. */
const LIMITS = { test: 60_000, silence: 90_000 }

/**
 * Runs every test file with Node's runner, each in a process of its own. `run()` of `node:test` would wait for ever for a process
 * that a forgotten timer or socket keeps alive, and would leave behind what a test started: here both end, and the first is a failure.
 */
export async function unit(env: NodeJS.ProcessEnv): Promise<Tally> {
  const files: string[] = []
  for await (const file of glob(FILES, { cwd: root, exclude: path => path.includes('node_modules') })) files.push(file)
  if (files.length === 0) return { ...empty(), failed: ['no test file was found'] }
  const waiting = files.sort().values()
  const tallies: Tally[] = []
  const work = async () => {
    for (const file of waiting) tallies.push(await runFile(file, env))
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work))
  return sum(tallies)
}

/** Runs one test file and prints one line, or what went wrong in full. */
export async function runFile(file: string, env: NodeJS.ProcessEnv, limits = LIMITS): Promise<Tally> {
  const begun = performance.now()
  const reports: Report[] = []
  const { said, ending } = await watch(file, env, limits, report => reports.push(report))
  const passed = reports.filter(({ outcome }) => outcome === 'passed').length
  const skipped = reports.filter(({ outcome }) => outcome === 'skipped')
  const failed = reports.filter(({ outcome }) => outcome === 'failed')

  const wrong = ending ?? (reports.length === 0 ? 'there is no test in this file' : null)
  if (wrong !== null) failed.push({ name: wrong, at: file, outcome: 'failed', reason: '' })
  const bad = failed.length > 0

  console.log(
    `  ${bad ? 'FAIL' : 'ok  '}  ${file}  ${passed} passed${skipped.length ? `, ${skipped.length} skipped` : ''}  ${since(begun)}`,
  )
  for (const { name, at, reason } of failed) console.log(`\n${indent(`✖ ${name}\n  ${at}\n${indent(reason)}`)}`)
  if (bad && said.trim()) console.log(`\n${indent(`It said:\n${indent(said.trim().slice(-4000))}`)}`)
  if (bad) console.log('')
  for (const reason of new Set(skipped.map(it => it.reason))) console.log(`        skipped: ${reason}`)
  return {
    passed,
    failed: failed.map(({ name }) => `${file}: ${name}`),
    skipped: skipped.map(({ name, reason }) => `${file}: ${name} (${reason})`),
  }
}

const indent = (text: string) => text.trimEnd().replaceAll(/^/gm, '    ')

type Watched = { said: string; ending: string | null }

/** Runs one file; `ending` says what is wrong with how it ended, unless a failed test explains it. */
function watch(file: string, env: NodeJS.ProcessEnv, limits: typeof LIMITS, hear: (report: Report) => void): Promise<Watched> {
  return new Promise(done => {
    const args = [`--test-reporter=${REPORTER}`, `--test-timeout=${limits.test}`, file]
    const child = start(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...env, NODE_TEST_CONTEXT: undefined },
    })
    let said = ''
    let explained = false
    const finish = (ending: string | null) => {
      clearTimeout(alarm)
      done({ said, ending })
    }
    const alarm = setTimeout(() => {
      if (child.pid !== undefined) end(child.pid)
      finish(`it did not end: nothing happened for ${limits.silence / 1000} s`)
    }, limits.silence)
    const keep = (chunk: Buffer) => {
      said = (said + chunk).slice(-20_000)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.on('message', (report: Report) => {
      explained ||= report.outcome === 'failed'
      alarm.refresh()
      hear(report)
    })
    child.once('error', error => finish(`it could not be started: ${error.message}`))
    child.once('close', (code, signal) =>
      finish(signal ? `it was ended by ${signal}` : code === 0 || explained ? null : `it ended with code ${code}`),
    )
  })
}
