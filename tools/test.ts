import { browser } from './browser.ts'
import { checks } from './checks.ts'
import { stop, temporaryFolder } from './child.ts'
import { provide } from './services.ts'
import { isGood, line, since, sum, type Tally } from './tally.ts'
import { unit } from './unit.ts'

const PARTS: Record<string, { about: string; run: (env: NodeJS.ProcessEnv) => Promise<Tally> }> = {
  checks: { about: 'Checks: format, lint, types, unused code', run: checks },
  unit: { about: 'Unit and integration tests', run: unit },
  e2e: { about: 'Browser tests', run: browser },
}

const asked = process.argv.slice(2)
const unknown = asked.filter(name => !(name in PARTS))
if (unknown.length > 0) {
  console.log(
    `There is no part called ${unknown.join(', ')}. The parts are ${Object.keys(PARTS).join(', ')}; without a name all of them run.`,
  )
  process.exit(2)
}

const names = asked.length > 0 ? asked : Object.keys(PARTS)
const folder = temporaryFolder('promptpilot-test')
const begun = performance.now()
console.log('Services')
const env = { ...(await provide(names, folder)), TMPDIR: folder }

const tallies: Tally[] = []
for (const [name, { about, run }] of Object.entries(PARTS)) {
  if (!names.includes(name)) continue
  console.log(`\n${about}`)
  tallies.push(await run(env))
}

const all = sum(tallies)
for (const [word, list] of [
  ['Failed', all.failed],
  ['Skipped', all.skipped],
] as const) {
  if (list.length > 0) console.log(`\n${word}:\n${list.map(name => `  ${name}`).join('\n')}`)
}
if (process.env.CI && all.skipped.length > 0) console.log('\nIn CI nothing may be skipped.')
await stop()
console.log(`\nDone in ${since(begun)}.\n${line(all)}`)
process.exitCode = isGood(all) ? 0 : 1
process.exit()
