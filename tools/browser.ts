import { glob, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { root, start } from './child.ts'
import { empty, type Tally } from './tally.ts'

/** Where the browser tests leave what they found. */
const RESULTS = join(root, 'e2e/results')

type Annotation = { type: string; description?: string }
type Result = { status: 'expected' | 'unexpected' | 'flaky' | 'skipped'; annotations: Annotation[] }
type Spec = { title: string; file: string; line: number; tests: Result[] }
type Suite = { title: string; suites?: Suite[]; specs: Spec[] }
type Report = { suites: Suite[]; errors: { message?: string }[] }

/** Builds the browser part if it is stale and runs the stories of `e2e/` in Chromium. */
export async function browser(env: NodeJS.ProcessEnv): Promise<Tally> {
  const files: string[] = []
  for await (const file of glob('e2e/*.spec.ts', { cwd: root })) files.push(file)
  if (files.length === 0) {
    console.log('  there are no stories in e2e/ yet')
    return empty()
  }
  if (!env.CHROMIUM_PATH) {
    for (const file of files) console.log(`  skipped: ${file} (no Chromium)`)
    return { ...empty(), skipped: files.map(file => `${file} (no Chromium)`) }
  }
  if ((await show(process.execPath, ['web/build.ts', '--if-stale'], env)) !== 0)
    return { ...empty(), failed: ['the build of web/'] }

  const report = join(RESULTS, 'report.json')
  await rm(report, { force: true })
  const code = await show('playwright', ['test', '--config', 'e2e/playwright.config.ts'], env)
  const text = await readFile(report, 'utf8').catch(() => null)
  if (text === null) return { ...empty(), failed: [`Playwright ended with ${code} and left no report`] }
  const tally = count(JSON.parse(text))
  if (code !== 0 && tally.failed.length === 0) tally.failed.push(`Playwright ended with ${code}`)
  if (tally.passed + tally.failed.length + tally.skipped.length === 0) tally.failed.push('no story was told')
  return tally
}

function show(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<number | null> {
  return new Promise(done => {
    const child = start(command, args, { env, stdio: ['ignore', 'inherit', 'inherit'] })
    child.once('error', error => {
      console.log(`  ${command}: ${error.message}`)
      done(null)
    })
    child.once('close', done)
  })
}

/** Counts a report of Playwright. */
export function count({ suites, errors }: Report): Tally {
  const tally: Tally = { ...empty(), failed: errors.map(error => error.message?.split('\n')[0] ?? 'Playwright failed') }
  const visit = (suite: Suite) => {
    suite.suites?.forEach(visit)
    for (const { title, file, line, tests } of suite.specs) {
      const name = `e2e/${file}:${line}: ${title}`
      for (const { status, annotations } of tests) {
        const reason = annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description ?? 'no reason given'
        if (status === 'expected') tally.passed += 1
        else if (status === 'skipped') tally.skipped.push(`${name} (${reason})`)
        else tally.failed.push(name)
      }
    }
  }
  suites.forEach(visit)
  return tally
}
