import { errorOf, isDamage } from './failure.ts'
import type { Link } from './link.ts'

/** Looks through a SQLite file; says what is damaged, or null where it is sound. */
export async function damageOf(link: Link, how: 'integrity_check' | 'quick_check'): Promise<string | null> {
  const [outcome] = await link.ask('alone', [{ sql: `pragma ${how}(10)`, values: [] }])
  if (outcome === undefined || 'failure' in outcome) {
    const error = outcome ? errorOf(outcome.failure) : new Error('no answer')
    if (isDamage(error)) return error.message
    throw error
  }
  const found = outcome.rows.map(row => String(Object.values(row)[0]))
  return found.length === 1 && found[0] === 'ok' ? null : found.join('; ')
}
