import { rm } from 'node:fs/promises'
import { Stop } from '#errors.ts'
import { exists, publish, syncFile, taken } from './disk.ts'
import { errorOf } from './failure.ts'
import { create } from './hold.ts'
import { Link } from './link.ts'
import { damageOf } from './sound.ts'

/**
 * Copies a SQLite database as it is at one moment, from this process or from another one, while it is written to. `vacuum into`
 * reads one snapshot from beginning to end, where the backup API begins again after every write of somebody else, and it leaves
 * behind what was deleted.
 */
export async function copySqlite(source: string, target: string): Promise<void> {
  if (await exists(target)) throw taken(target)
  const draft = `${target}.part`
  await rm(draft, { force: true })
  await create(draft)
  try {
    await write(source, draft)
    await verify(draft)
    await syncFile(draft)
    await publish(draft, target)
  } finally {
    await rm(draft, { force: true })
  }
}

async function write(source: string, draft: string): Promise<void> {
  const link = await Link.open({ file: source, role: 'copier', durability: 'full' })
  try {
    const [outcome] = await link.ask('alone', [{ sql: 'vacuum into ?', values: [draft] }])
    if (outcome && 'failure' in outcome) throw errorOf(outcome.failure)
  } finally {
    await link.close()
  }
}

async function verify(draft: string): Promise<void> {
  const link = await Link.open({ file: draft, role: 'reader', durability: 'full' })
  try {
    const damage = await damageOf(link, 'integrity_check')
    if (damage !== null) throw new Stop(`The copy of the database is damaged, so the database itself may be: ${damage}`)
  } finally {
    await link.close()
  }
}
