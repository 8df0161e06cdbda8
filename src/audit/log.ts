import { Readable } from 'node:stream'
import type { Tables } from '#db/tables.ts'
import { iso, pageOf } from '#http/contract.ts'
import type { Given, RawAnswer } from '#http/serve.ts'
import { eventStream, resumeAfter, type StreamEvent } from '#http/stream.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { type AuditFilter, listAudit } from './queries.ts'
import { auditTopic } from './record.ts'

/** How many entries are read at a time. */
const BATCH = 500

/** A stream looks again this often when nobody nudges it: another process may have written. */
const LOOK = 2_000

const show = (row: Tables['audit']) => ({
  id: row.id,
  at: iso(row.at),
  actorId: row.actor_id,
  actor: row.actor,
  via: row.via,
  action: row.action,
  targetId: row.target_id,
  target: row.target,
  details: JSON.parse(row.details) as Record<string, unknown>,
  address: row.address,
  agent: row.agent,
})

/** A page of the audit log, newest first. */
export async function audit({ db }: World, { caller, query }: Given<typeof contract.audit>) {
  const { limit, cursor, ...filter } = query
  const { items, next } = pageOf(await listAudit(db, caller.workspace, { ...filter, limit: limit + 1, before: cursor }), limit)
  return { items: items.map(show), next }
}

/** The whole audit log as a file, read in batches however long it is. */
export function exportAudit({ db }: World, { caller, query, signal }: Given<typeof contract.exportAudit>): RawAnswer {
  const { format, ...filter } = query
  const csv = format === 'csv'
  const head = csv ? `${COLUMNS.join(',')}\r\n` : ''
  const line = (row: Tables['audit']) =>
    csv ? `${COLUMNS.map(column => cell(show(row)[column])).join(',')}\r\n` : `${JSON.stringify(show(row))}\n`
  return {
    stream: Readable.from(lines(db, caller.workspace, filter, head, line, signal)),
    headers: {
      'content-type': csv ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
      'content-disposition': `attachment; filename="audit.${format}"`,
    },
  }
}

const COLUMNS = ['id', 'at', 'actor', 'actorId', 'via', 'action', 'target', 'targetId', 'details', 'address', 'agent'] as const

async function* lines(
  db: World['db'],
  workspace: string,
  filter: AuditFilter,
  head: string,
  line: (row: Tables['audit']) => string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield head
  let before: string | undefined
  while (!signal.aborted) {
    const rows = await listAudit(db, workspace, { ...filter, limit: BATCH, before })
    if (rows.length > 0) yield rows.map(line).join('')
    if (rows.length < BATCH) return
    before = rows.at(-1)?.id
  }
}

/** A cell a spreadsheet will not take for a formula. */
function cell(value: unknown): string {
  const text = value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** New entries as they are made; after a break from where the listener was. */
export function auditStream(world: World, { caller, request, signal }: Given<typeof contract.auditStream>): RawAnswer {
  return eventStream(follow(world, caller.workspace, resumeAfter(request), signal), signal)
}

async function* follow(
  { db, feed }: World,
  workspace: string,
  resume: string | null,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  const bell = new Bell()
  const stop = feed.listen(auditTopic(workspace), () => bell.ring())
  signal.addEventListener('abort', () => bell.ring(), { once: true })
  try {
    let after = resume ?? (await listAudit(db, workspace, { limit: 1 }))[0]?.id ?? '0'
    while (!signal.aborted) {
      const rows = await listAudit(db, workspace, { limit: BATCH, after })
      for (const row of rows) yield { id: row.id, event: 'entry', data: show(row) }
      after = rows.at(-1)?.id ?? after
      if (rows.length < BATCH) await bell.wait(LOOK)
    }
  } finally {
    stop()
  }
}

/** Remembers that it rang, so that a nudge between two looks is not missed. */
class Bell {
  private rung = false
  private wake: (() => void) | null = null

  ring(): void {
    this.rung = true
    this.wake?.()
  }

  async wait(atMost: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, atMost)
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    this.rung = false
    this.wake = null
  }
}
