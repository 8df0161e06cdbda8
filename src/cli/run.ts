import { readConfig, readEnvFile } from '#config.ts'
import { Stop } from '#errors.ts'
import { makeLog } from '#log.ts'
import { openWorld } from '#open.ts'
import { commands } from './all.ts'

// Whoever reads this may have heard enough, as `head` has.
process.stdout.on('error', () => {})
const say = (line: string) => void process.stdout.write(`${line}\n`)

/** Runs the command that was asked for; answers with the exit code. */
export async function run([name = 'help', ...args]: string[]): Promise<number> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load) return help(name)
  try {
    readEnvFile()
    const config = readConfig()
    const format = config.logFormat === 'auto' ? (process.stdout.isTTY ? 'text' : 'json') : config.logFormat
    const log = makeLog({ level: config.logLevel, format })
    const command = await load()
    return await command.run(args, { config, log, say, world: options => openWorld(config, log, options) })
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}

async function help(name: string): Promise<number> {
  const asked = ['help', '--help', '-h'].includes(name)
  if (!asked) say(`There is no command “${name}”.\n`)
  say('promptpilot COMMAND\n')
  for (const load of Object.values(commands)) {
    const { usage, about } = await load()
    say(`  ${usage.padEnd(34)} ${about}`)
  }
  return asked ? 0 : 2
}
