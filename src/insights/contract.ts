import { z } from 'zod'
import { contract } from '#http/contract.ts'

const Day = z.iso.date()

/** The executions that began on one day, by how they stand now. */
const ExecutionDay = z
  .object({ day: Day, completed: z.int(), failed: z.int(), cancelled: z.int(), open: z.int() })
  .meta({ id: 'ExecutionDay' })

/** What became of the executions, day by day. */
export const executionDays = contract({
  method: 'get',
  path: '/api/insights/executions',
  area: 'executions',
  needs: 'viewer',
  about:
    'How many executions began on each of the last days, in UTC, oldest first, and what became of them. Days without any are there too.',
  query: z.strictObject({ days: z.coerce.number().int().min(1).max(90).default(14) }),
  reply: z.object({ items: z.array(ExecutionDay), from: Day, to: Day, next: z.null() }),
})
