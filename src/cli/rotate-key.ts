import { parseArgs } from 'node:util'
import { type Database, openDatabase } from '#db/db.ts'
import { Fault, Stop } from '#errors.ts'
import { forget } from '#vault/forget.ts'
import { openRing } from '#vault/key.ts'
import { lockKeyFile } from '#vault/keyfile.ts'
import { addKey, rewrapAll, settle } from '#vault/rotate.ts'
import { openVault, type Vault } from '#vault/vault.ts'
import { placesOf } from './backup.ts'
import type { At, Command } from './command.ts'

/** A round finds what was sealed with the old key while the one before it went on, and goes on where the database was busy. */
const ROUNDS = 30

/** Changes the master key while servers run. */
export const rotateKey: Command = {
  name: 'rotate-key',
  usage: 'rotate-key [--keep] [--forget N]',
  about:
    'Seal every credential with a new master key while the server runs. --keep: old keys stay in the key file, for older backups. --forget N: first remove the N credentials whose key is lost.',
  async run(args, at) {
    const { values, positionals } = parseArgs({
      args,
      options: { keep: { type: 'boolean' }, forget: { type: 'string' } },
      allowPositionals: true,
      strict: false,
    })
    const { keep = false, forget: many, ...unknown } = values
    if (positionals.length > 0 || Object.keys(unknown).length > 0 || !(many === undefined || /^\d+$/.test(String(many)))) {
      at.say(`Usage: promptpilot ${rotateKey.usage}`)
      return 2
    }
    const database = await openDatabase({ ...placesOf(at.config, at.log), share: true })
    try {
      if (many !== undefined) await forgetLost(database, Number(many), at)
      const vault = await openVault({ db: database.db, config: at.config, log: at.log })
      return await (vault.ring.path === null
        ? move(database, vault, keep === true, at)
        : moveLocked(database, vault, vault.ring.path, keep === true, at))
    } finally {
      await database.close()
    }
  },
}

async function forgetLost(database: Database, many: number, { config, say }: At): Promise<void> {
  const names = await forget(database, await openRing(config), many)
  say(`Removed ${many} credentials that could not be read.`)
  for (const name of names) say(`  ${name}`)
}

async function moveLocked(database: Database, vault: Vault, path: string, keep: boolean, at: At): Promise<number> {
  const lock = await lockKeyFile(path, 0)
  if (lock === null) throw new Stop(`Another rotate-key is at work on ${path}.`)
  try {
    await addKey(vault.ring)
    return await move(database, vault, keep, at)
  } finally {
    lock.release()
  }
}

async function move({ db }: Database, { ring }: Vault, keep: boolean, { say }: At): Promise<number> {
  const key = ring.current()?.id
  say(`Sealing with the key ${key} from ${ring.from}.`)
  let moved = 0
  const tell = (many: number) => {
    moved += many
    say(`  ${moved} credentials`)
  }
  for (let round = 1; round <= ROUNDS; round += 1) {
    try {
      const damaged = await rewrapAll(db, ring, tell)
      const left = await settle(db, ring, keep)
      if (left === 0) {
        say(`Done: ${moved} credentials moved, and nothing is sealed with another key any more.`)
        for (const line of after(ring.path === null, keep)) say(line)
        return 0
      }
      if (left === damaged.length) {
        say(`${left} credentials are damaged and stay as they are; the old keys stay too:`)
        for (const name of damaged) say(`  ${name}`)
        return 1
      }
    } catch (error) {
      if (!(error instanceof Fault && error.code === 'server.busy') || round === ROUNDS) throw error
      say('  The database is busy; going on.')
    }
  }
  say('Some process goes on sealing with another key. Give it this one (see docs/guide/credentials.md) and run rotate-key again.')
  return 1
}

function after(fromSetting: boolean, keep: boolean): string[] {
  if (fromSetting)
    return ['When every process has this PROMPTPILOT_KEY, PROMPTPILOT_KEY_PREVIOUS can be removed and the processes restarted.']
  if (keep)
    return [
      'The old keys are still in the key file. Run rotate-key without --keep when the backups made before now are no longer wanted.',
    ]
  return ['The old keys are out of the key file. Backups made before now open only with the key file of their time.']
}
