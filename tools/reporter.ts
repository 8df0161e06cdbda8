import { relative } from 'node:path'
import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'

/** One test that ended, as the process that ran it tells the process that counts. */
export type Report = { name: string; at: string; outcome: 'passed' | 'failed' | 'skipped'; reason: string }

/** Sends every ended test to the parent process. A test that only failed because of a test inside it is not told twice. */
export default async function* reporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const names: string[] = []
  for await (const { type, data } of source) {
    if (type === 'test:start') names.splice(data.nesting, names.length, data.name)
    if (type === 'test:diagnostic' && /^(Error|Warning):/.test(data.message)) yield `${data.message}\n`
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const name = [...names.slice(0, data.nesting), data.name].join(' › ')
    const report = { name, at: `${relative(process.cwd(), data.file ?? '')}:${data.line ?? 0}` }
    if (data.skip !== undefined || data.todo !== undefined) {
      const reason = [data.skip, data.todo].find(word => typeof word === 'string') ?? 'no reason given'
      process.send?.({ ...report, outcome: 'skipped', reason } satisfies Report)
    } else if (type === 'test:fail') {
      const { error } = data.details
      const kind = 'failureType' in error ? error.failureType : null
      if (kind !== 'subtestsFailed')
        process.send?.({ ...report, outcome: 'failed', reason: tell(error.cause ?? error) } satisfies Report)
    } else if (data.details.type !== 'suite') process.send?.({ ...report, outcome: 'passed', reason: '' } satisfies Report)
  }
}

/** The error as Node shows it, without the lines of Node itself; a failed assertion says everything in its message. */
function tell(error: unknown): string {
  const asserted = error instanceof Error && 'code' in error && error.code === 'ERR_ASSERTION'
  const text =
    typeof error === 'string'
      ? error
      : asserted
        ? (error.stack ?? error.message)
        : inspect(error, { depth: 4, maxArrayLength: 20, maxStringLength: 2000 })
  return text.replaceAll(/^ +at .*\(?node:.*\n?/gm, '').trim()
}
