import { isUnique } from '#db/db.ts'
import type { AnswerStore } from '#http/answers.ts'
import type { World } from '#world.ts'

const DAY = 24 * 3600_000

/** Keeps answers to requests with an Idempotency-Key in the database, for a day. */
export function answerStore(world: Pick<World, 'db' | 'clock'>): AnswerStore {
  const { db, clock } = world
  return {
    async claim(caller, keyHash, requestHash) {
      const now = clock.now()
      await db
        .deleteFrom('answers')
        .where('caller', '=', caller)
        .where('key_hash', '=', keyHash)
        .where('created_at', '<', now - DAY)
        .execute()
      try {
        await db
          .insertInto('answers')
          .values({ caller, key_hash: keyHash, request_hash: requestHash, status: null, sealed: null, created_at: now })
          .execute()
        return null
      } catch (error) {
        if (!isUnique(error)) throw error
      }
      const row = await db
        .selectFrom('answers')
        .selectAll()
        .where('caller', '=', caller)
        .where('key_hash', '=', keyHash)
        .executeTakeFirst()
      return { requestHash: row?.request_hash ?? requestHash, status: row?.status ?? null, sealed: row?.sealed ?? null }
    },
    async finish(caller, keyHash, status, sealed) {
      await db
        .updateTable('answers')
        .set({ status, sealed })
        .where('caller', '=', caller)
        .where('key_hash', '=', keyHash)
        .execute()
    },
    async release(caller, keyHash) {
      await db
        .deleteFrom('answers')
        .where('caller', '=', caller)
        .where('key_hash', '=', keyHash)
        .where('status', 'is', null)
        .execute()
    },
  }
}

/** Forgets answers older than a day. */
export async function forgetAnswers({ db, clock }: Pick<World, 'db' | 'clock'>): Promise<void> {
  await db
    .deleteFrom('answers')
    .where('created_at', '<', clock.now() - DAY)
    .execute()
}
