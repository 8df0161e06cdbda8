import { z } from 'zod'
import type { Run, Statement } from '#executions/run.ts'
import type { Shell } from '#executions/shell.ts'
import type { BlockMemory, MemoryLine, MemoryPlace } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'

/** A key is what tells conversations apart, not a text. */
const LONGEST_KEY = 200
/** A longer line is cut: a conversation is remembered, not archived. */
const LONGEST_LINE = 20_000
/** Lines of one conversation; older ones are forgotten. */
const MOST_LINES = 1_000

const ROLE = z.enum(['user', 'assistant'])

/** What executions remember of those before them. What is added goes into `told`, to be written with the end of the node. */
export function memoryFor(shell: Shell, run: Run, told: Statement[]): BlockMemory {
  const { db, ids, clock } = shell.world
  const placeOf = (where: MemoryPlace) => (where === 'workflow' ? run.row.workflow_id : '')
  return {
    async read(key, most, where) {
      const place = placeOf(where)
      const rows = await db
        .selectFrom('memories')
        .select(['role', 'text'])
        .where('workspace_id', '=', run.workspace)
        .where('place', '=', place)
        .where('key', '=', checked(key))
        .where('role', '<>', 'summary')
        .orderBy('id', 'desc')
        .limit(most)
        .execute()
      const summary = await db
        .selectFrom('memories')
        .select('text')
        .where('workspace_id', '=', run.workspace)
        .where('place', '=', place)
        .where('key', '=', key)
        .where('role', '=', 'summary')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      const lines = rows.toReversed().map(({ role, text }): MemoryLine => ({ role: ROLE.parse(role), text }))
      return { summary: summary?.text ?? null, lines }
    },
    add(key, lines, where, summary) {
      const place = placeOf(where)
      const row = (role: MemoryLine['role'] | 'summary', text: string) => ({
        id: ids.next('mem'),
        workspace_id: run.workspace,
        place,
        key: checked(key),
        role,
        text: text.slice(0, LONGEST_LINE),
        execution_id: run.id,
        at: clock.now(),
      })
      for (const { role, text } of lines) told.push(shell.sentences.remember(row(role, text)))
      if (summary) {
        told.push(shell.sentences.forget(run.workspace, place, key, summary.kept))
        told.push(shell.sentences.remember(row('summary', summary.text)))
      } else told.push(shell.sentences.forget(run.workspace, place, key, MOST_LINES))
    },
  }
}

function checked(key: string): string {
  if (key.trim() === '' || key.length > LONGEST_KEY)
    throw new Refused(
      'memory.bad_key',
      `The key of the memory is ${key.trim() === '' ? 'empty' : 'too long'}; give one that tells conversations apart, of at most ${LONGEST_KEY} characters.`,
    )
  return key
}
