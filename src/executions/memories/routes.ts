import { z } from 'zod'
import { record } from '#audit/record.ts'
import { iso, pageOf } from '#http/contract.ts'
import { type Frame, serve } from '#http/serve.ts'
import type { World } from '#world.ts'
import * as it from './contract.ts'
import { listLines, listMemories } from './queries.ts'

const ROLE = z.enum(['user', 'assistant', 'summary'])

/** Every endpoint of what agents remember. */
export function routes(frame: Frame, world: World): void {
  serve(frame, it.memories, async ({ caller, query }) => {
    const rows = await listMemories(world.db, caller.workspace, query)
    const page = rows.slice(0, query.limit)
    const last = page.at(-1)
    return {
      items: page.map(({ place, key, lines, at }) => ({
        key,
        workflowId: place === '' ? null : place,
        lines: Number(lines),
        updatedAt: iso(Number(at)),
      })),
      next: rows.length > query.limit && last ? `${last.place}~${last.key}` : null,
    }
  })
  serve(frame, it.memoryLines, async ({ caller, query }) => {
    const rows = await listLines(world.db, caller.workspace, query.workflowId ?? '', query.key, query)
    const { items, next } = pageOf(rows, query.limit)
    return {
      items: items.map(({ id, role, text, execution_id, at }) => ({
        id,
        role: ROLE.parse(role),
        text,
        executionId: execution_id,
        at: iso(at),
      })),
      next,
    }
  })
  serve(frame, it.forgetMemory, async ({ caller, query }) => {
    const place = query.workflowId ?? ''
    await world.db.transaction().execute(async trx => {
      const { numDeletedRows } = await trx
        .deleteFrom('memories')
        .where('workspace_id', '=', caller.workspace)
        .where('place', '=', place)
        .where('key', '=', query.key)
        .executeTakeFirst()
      if (numDeletedRows > 0n)
        await record(trx, world, caller, 'memory.forgotten', { id: place || caller.workspace, name: query.key })
    })
    return { ok: true as const }
  })
}
