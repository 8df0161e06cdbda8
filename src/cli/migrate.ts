import { resolve } from 'node:path'
import { openDatabase } from '#db/db.ts'
import { migrationsOf, NOTHING, migrate as run } from '#db/migrate.ts'
import { placesOf, readArgs } from './backup.ts'
import type { Command } from './command.ts'

/** Changes the schema of the database, or shows how far it is. */
export const migrate: Command = {
  name: 'migrate',
  usage: 'migrate [--to NAME] [--list]',
  about: `Bring the database to the newest schema, or to NAME, also back ("${NOTHING}" takes everything away). The server must be stopped.`,
  async run(args, { config, log, say }) {
    const given = readArgs({ args, options: { to: { type: 'string' }, list: { type: 'boolean' } } })
    if (given === null) {
      say(`Usage: promptpilot ${migrate.usage}`)
      return 2
    }
    const { to, list = false } = given.values
    const places = placesOf(config, log)
    const database = await openDatabase({ ...places, migrate: false, share: list })
    try {
      if (list) {
        const { done, open } = await migrationsOf(database)
        for (const name of done) say(`done  ${name}`)
        for (const name of open) say(`open  ${name}`)
        return 0
      }
      if (to !== undefined && goesBack((await migrationsOf(database)).done, to)) {
        const copy = resolve(places.dir, `before-migrate-${new Date(places.clock.now()).toISOString().replace(/[:.]/g, '-')}`)
        await database.backup(copy)
        say(`Going back takes tables away. The database as it is now is kept in ${copy}`)
      }
      const steps = await run(database, { ...places, ...(to === undefined ? {} : { to }) })
      say(steps.length > 0 ? `Done: ${steps.join(', ')}.` : 'Nothing to do: the database is there already.')
      return 0
    } finally {
      await database.close()
    }
  },
}

function goesBack(done: string[], to: string): boolean {
  const stays = to === NOTHING ? 0 : done.indexOf(to) + 1
  return stays < done.length && (stays > 0 || to === NOTHING)
}
