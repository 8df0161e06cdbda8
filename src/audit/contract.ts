import { z } from 'zod'
import { contract, listOf, Page, raw, Time } from '#http/contract.ts'

const Entry = z
  .object({
    id: z.string(),
    at: Time,
    actorId: z.string().nullable(),
    actor: z.string(),
    via: z.string(),
    action: z.string(),
    targetId: z.string().nullable(),
    target: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    address: z.string().nullable(),
    agent: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' })
const AuditFilter = {
  action: z.string().max(100).optional(),
  actor: z.string().max(254).optional(),
  target: z.string().max(100).optional(),
  from: Time.optional(),
  to: Time.optional(),
}

/** Lists the audit log. */
export const audit = contract({
  method: 'get',
  path: '/api/audit',
  area: 'audit',
  needs: 'admin',
  about: 'Every change and sign-in: who, what, when, from where. `action` may end in `*`.',
  query: Page.extend(AuditFilter),
  reply: listOf(Entry),
})

/** Exports the audit log. */
export const exportAudit = contract({
  method: 'get',
  path: '/api/audit/export',
  area: 'audit',
  needs: 'admin',
  about: 'The whole audit log, filtered, as CSV or as JSON lines.',
  query: z.strictObject({ ...AuditFilter, format: z.enum(['csv', 'jsonl']).default('csv') }),
  reply: raw('file', 'text/csv', 'One line per entry.'),
})

/** The audit log as it grows. */
export const auditStream = contract({
  method: 'get',
  path: '/api/audit/events',
  area: 'audit',
  needs: 'admin',
  about: 'Server-sent events: new entries of the audit log as they are made; resumes after Last-Event-ID.',
  reply: raw('stream', 'text/event-stream', 'Events of type `entry`, each with an AuditEntry as data.'),
})
