import type { Selectable } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { isMeant } from '#sdk/event.ts'
import type { Library } from '#sdk/library.ts'
import type { Shell } from './shell.ts'

/** What is told of the ends of executions, where somebody listens. */
const ENDS = ['execution.completed', 'execution.failed'] as const

/** Who listens to the ends of executions, as far as this process knows. In doubt somebody does. */
type Ears = {
  hear(workspace: string, name: (typeof ENDS)[number]): boolean
  /** What is known may be wrong. */
  doubt(): void
  look(): Promise<void>
}

type Listening = Pick<Selectable<Tables['triggers']>, 'block' | 'block_version' | 'params'>

/** The names that a trigger listens to; none where its parameters cannot be meant. */
export function namesOf(library: Library, { block: id, block_version, params }: Listening): readonly string[] {
  const block = library.find(id, block_version)
  const parsed = block?.start?.by === 'event' ? block.input.safeParse(JSON.parse(params)) : null
  return block?.start?.by === 'event' && parsed?.success ? block.start.names(parsed.data) : []
}

const known = new WeakMap<Shell, Ears>()

/** The ears of a shell. */
export function earsOf(shell: Shell): Ears {
  const ears = known.get(shell) ?? makeEars(shell)
  known.set(shell, ears)
  return ears
}

function makeEars({ world: { db, library } }: Shell): Ears {
  let listened = new Set<string>()
  let names = new Map<string, readonly string[]>()
  let changes = 1
  let seen = 0

  /** Most are the same as the last time. */
  const read = (before: typeof names, row: Listening) => {
    const key = `${row.block} ${row.block_version} ${row.params}`
    const found = names.get(key) ?? before.get(key) ?? namesOf(library, row)
    names.set(key, found)
    return found
  }
  return {
    hear: (workspace, name) => seen !== changes || listened.has(`${workspace} ${name}`),
    doubt() {
      changes += 1
    },
    async look() {
      const at = changes
      const rows = await db
        .selectFrom('triggers')
        .select(['workspace_id', 'block', 'block_version', 'params'])
        .where('wakes', '=', 'event')
        .where('enabled', '=', 1)
        .where('gone_at', 'is', null)
        .execute()
      const before = names
      names = new Map()
      listened = new Set()
      for (const row of rows)
        for (const name of read(before, row))
          for (const end of ENDS) if (isMeant(name, end)) listened.add(`${row.workspace_id} ${end}`)
      seen = at
    },
  }
}
