import { relative, resolve } from 'node:path'
import { restore as read } from '#db/restore.ts'
import { placesOf, readArgs, rowsIn } from './backup.ts'
import type { Command } from './command.ts'

/** Brings back what a backup holds, and keeps what is there. */
export const restore: Command = {
  name: 'restore',
  usage: 'restore FILE',
  about: 'Bring back a backup. The server must be stopped; what is there now is kept in DATA_DIR/before-restore-….',
  async run(args, { config, log, say }) {
    const [file, ...more] = readArgs({ args, allowPositionals: true })?.positionals ?? []
    if (file === undefined || more.length > 0) {
      say(`Usage: promptpilot ${restore.usage}`)
      return 2
    }
    const places = placesOf(config, log)
    const { manifest, kept, aside, newKey } = await read(places, resolve(file))
    say(`Restored the backup of ${manifest.createdAt}: ${rowsIn(manifest.counts)} rows.`)
    if (newKey && config.promptpilotKey === null) say('The master key of the backup is in place.')
    if (newKey && config.promptpilotKey !== null)
      say(
        `The master key of the backup is in ${resolve(places.dir, 'key')}, but PROMPTPILOT_KEY is set and is what the server uses.`,
      )
    if (manifest.key === null) say('The backup holds no master key: credentials are read with the one that is here.')
    if (kept === null) return 0
    say(`What was there before is kept in ${kept}${aside > 0 ? `, with ${aside} files that the backup does not have` : ''}.`)
    const files = `copy what is in ${relative(places.dir, kept)}/files, if it is there, into ${places.files}`
    say(
      places.url === null
        ? `To go back: stop the server, move database.sqlite* (and the key, if it is there) from that folder to ${places.dir}, and ${files}.`
        : `To go back: stop the server, run pg_restore --clean --if-exists --no-owner --dbname="$DATABASE_URL" ${kept}/database.dump, and ${files}.`,
    )
    return 0
  },
}
