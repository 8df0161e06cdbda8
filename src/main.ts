import { commands } from './cli/all.ts'
import { readConfig, readEnvFile } from './config.ts'
import { Stop } from './errors.ts'
import { makeLog } from './log.ts'
import { openWorld } from './open.ts'

/** Runs the command that was asked for; answers with the exit code. */
export async function main([name = 'help', ...args]: string[]): Promise<number> {
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  const command = commands.find(one => one.name === name)
  if (!command) {
    if (!['help', '--help', '-h'].includes(name)) say(`There is no command “${name}”.\n`)
    say(['promptpilot COMMAND', '', ...commands.map(one => `  ${one.usage.padEnd(36)} ${one.about}`)].join('\n'))
    return ['help', '--help', '-h'].includes(name) ? 0 : 2
  }
  try {
    readEnvFile()
    const config = readConfig()
    const format = config.logFormat === 'auto' ? (process.stdout.isTTY ? 'text' : 'json') : config.logFormat
    const log = makeLog({ level: config.logLevel, format })
    return await command.run(args, { config, log, say, world: options => openWorld(config, log, options) })
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
