import { faketime } from './faketime.ts'

/** What a program has to find in its environment to take it for this time; null where the library is not there. */
async function shifted(to: number): Promise<Record<string, string> | null> {
  const library = process.env[faketime.variable] ?? (await faketime.find(''))
  if (library === null) return null
  const seconds = Math.round((to - Date.now()) / 1000)
  return {
    LD_PRELOAD: library,
    FAKETIME: `${seconds < 0 ? '' : '+'}${seconds}s`,
    FAKETIME_NO_CACHE: '1',
    // Timers go on as they do.
    DONT_FAKE_MONOTONIC: '1',
  }
}

// env $(node tools/clock.ts 2027-03-14T06:59:50Z) npm start
const time = Date.parse(process.argv[2] ?? '')
const found = Number.isNaN(time) ? null : await shifted(time)
if (found)
  console.log(
    Object.entries(found)
      .map(entry => entry.join('='))
      .join('\n'),
  )
else
  console.error(
    Number.isNaN(time)
      ? 'Say the time, such as 2027-03-14T06:59:50Z.'
      : 'libfaketime is not here (Debian: apt-get install faketime).',
  )
process.exitCode = found ? 0 : 1
