import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { Stop } from '#errors.ts'
import type { Ring } from './key.ts'
import { readFact } from './secret.ts'

/** What cannot be read because the key it was sealed with is not there. */
export type Unreadable = { keyIds: string[]; credentials: number; workspaces: number; secret: boolean; names: string[] }

/** A list for a person: more would push the advice off the screen. */
const SHOWN = 20

/** Looks which sealed rows no key of the ring can open; null when there is none. */
export async function findUnreadable(db: Kysely<Tables>, ring: Ring): Promise<Unreadable | null> {
  const used = await db.selectFrom('credentials').select('key_id').distinct().execute()
  const lost = await missing(
    ring,
    used.map(row => row.key_id),
  )
  const fact = await readFact(db)
  const [secret] = fact ? await missing(ring, [fact.keyId]) : []
  if (lost.length === 0 && secret === undefined) return null
  const rows =
    lost.length === 0
      ? []
      : await db
          .selectFrom('credentials')
          .innerJoin('workspaces', 'workspaces.id', 'credentials.workspace_id')
          .select(['credentials.name', 'credentials.workspace_id', 'workspaces.name as workspace'])
          .where('credentials.key_id', 'in', lost)
          .orderBy('workspaces.name')
          .orderBy('credentials.name')
          .execute()
  return {
    keyIds: [...new Set([...lost, ...(secret === undefined ? [] : [secret])])],
    credentials: rows.length,
    workspaces: new Set(rows.map(row => row.workspace_id)).size,
    secret: secret !== undefined,
    names: rows.slice(0, SHOWN).map(row => `${JSON.stringify(row.name)} in ${JSON.stringify(row.workspace)}`),
  }
}

/** Refuses to start with a wrong key: says what cannot be read, which key it needs and what to do. */
export async function refuseUnreadable(db: Kysely<Tables>, ring: Ring): Promise<void> {
  const found = await findUnreadable(db, ring)
  if (found) throw new Stop(explain(found, ring))
}

function explain({ keyIds, credentials, workspaces, secret, names }: Unreadable, ring: Ring): string {
  const what = [
    ...(credentials > 0 ? [`${count(credentials, 'credential')} in ${count(workspaces, 'workspace')}`] : []),
    ...(secret ? ['the secret of this installation (sessions, two-factor)'] : []),
  ]
  const remedy = [
    ...(credentials > 0 ? ['removes what cannot be read, so that it can be entered again'] : []),
    ...(secret ? ['makes the secret anew: everybody signs in and sets up two-factor again'] : []),
  ]
  const have =
    ring.ids().length === 0
      ? `there is no ${ring.from.replace(/^the /, '')}`
      : `this process has only ${ring.ids().join(', ')} from ${ring.from}`
  return [
    `The master key is not the one this database was sealed with: ${what.join(' and ')} cannot be read.`,
    `Needed: ${keyIds.length === 1 ? 'the key' : 'the keys'} ${keyIds.join(', ')}; ${have}.`,
    ...names.map(name => `  ${name}`),
    ...(credentials > names.length ? [`  … and ${credentials - names.length} more`] : []),
    ring.path === null
      ? 'Start with the right PROMPTPILOT_KEY, or name the older key in PROMPTPILOT_KEY_PREVIOUS. A key that was in a key file is one of its lines.'
      : `Put the right key file back to ${ring.path}, or set PROMPTPILOT_KEY or PROMPTPILOT_KEY_PREVIOUS to the key.`,
    `If that key is lost for good, \`promptpilot rotate-key --forget ${credentials}\` ${remedy.join(', and ')}.`,
  ].join('\n')
}

async function missing(ring: Ring, ids: string[]): Promise<string[]> {
  const lost: string[] = []
  for (const id of ids) if ((await ring.find(id)) === null) lost.push(id)
  return lost
}

const count = (many: number, noun: string) => `${many} ${noun}${many === 1 ? '' : 's'}`
