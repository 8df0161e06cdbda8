import { run } from './child.ts'
import { since, type Tally } from './tally.ts'

const CHECKS = [
  {
    name: 'format and lint',
    command: 'biome',
    args: ['check', '--error-on-warnings', '--max-diagnostics=200', '--colors=off', '.'],
  },
  { name: 'types', command: 'tsc', args: ['--pretty', 'false'] },
  { name: 'unused code', command: 'knip', args: ['--no-progress'] },
]

/** Checks format and lint, types, and that nothing is unused; each counts as one test. */
export async function checks(): Promise<Tally> {
  const tallies: Tally = { passed: 0, failed: [], skipped: [] }
  const begun = performance.now()
  await Promise.all(
    CHECKS.map(async ({ name, command, args }) => {
      const { code, out } = await run(command, args)
      if (code === 0) tallies.passed += 1
      else tallies.failed.push(name)
      console.log(
        code === 0 ? `  ok    ${name}  ${since(begun)}` : `  FAIL  ${name}\n${out.trim().replaceAll(/^/gm, '        ')}`,
      )
    }),
  )
  return tallies
}
