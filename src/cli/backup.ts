import { resolve } from 'node:path'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { Config } from '#config.ts'
import { type Places, backup as write } from '#db/backup.ts'
import { systemClock } from '#ids.ts'
import type { Log } from '#log.ts'
import type { Command } from './command.ts'

/** Copies everything into one file while the server goes on. */
export const backup: Command = {
  name: 'backup',
  usage: 'backup FILE [--with-key]',
  about: 'Copy the database and the files into one archive, while the server runs or not. The master key only with --with-key.',
  async run(args, { config, log, say }) {
    const given = readArgs({ args, options: { 'with-key': { type: 'boolean' } }, allowPositionals: true })
    const [file, ...more] = given?.positionals ?? []
    if (file === undefined || more.length > 0) {
      say(`Usage: promptpilot ${backup.usage}`)
      return 2
    }
    const withKey = given?.values['with-key'] === true
    const target = resolve(file)
    const { files, bytes, size, counts, missing, missingCount } = await write(placesOf(config, log), target, withKey)
    say(`Wrote ${target}: ${rowsIn(counts)} rows, ${files} files (${bytes} bytes), ${size} bytes in all.`)
    if (missingCount > 0) say(`${missingCount} files that the database knows were not there: ${missing.slice(0, 5).join(', ')}`)
    say(
      withKey
        ? 'It holds the master key: whoever has this file can read every credential in it.'
        : 'The master key is not in it; without the key the credentials in it cannot be read. Keep it apart, or use --with-key.',
    )
    return 0
  },
}

/** Reads the words after a command; null where one of them is not known. */
export function readArgs<T extends ParseArgsConfig>(config: T) {
  try {
    return parseArgs(config)
  } catch {
    return null
  }
}

/** How many rows all tables have. */
export const rowsIn = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0)

/** Where the settings say that everything is. */
export const placesOf = (config: Config, log: Log): Places => ({
  url: config.databaseUrl,
  dir: config.dataDir,
  files: config.filesUrl ?? resolve(config.dataDir, 'files'),
  pool: config.databasePool,
  durability: config.durability,
  log,
  clock: systemClock,
})
