import type { World } from '#world.ts'
import { forgetAnswers } from './answers.ts'

/** Removes what has expired and nobody will ask for again: sessions, links, answers. */
export async function forgetExpired(world: Pick<World, 'db' | 'clock'>): Promise<void> {
  const now = new Date(world.clock.now())
  await world.db.deleteFrom('sessions').where('expires_at', '<', now).execute()
  await world.db.deleteFrom('verifications').where('expires_at', '<', now).execute()
  await forgetAnswers(world)
}
