import { z } from 'zod'

/** What a trigger that knows its times may say about them; any such trigger, whatever else its parameters are. */
const Policy = z.object({
  missed: z.enum(['skip', 'once', 'all']).catch('once'),
  missedMost: z.int().min(1).max(1000).catch(100),
  overlap: z.enum(['allow', 'skip', 'queue', 'replace']).optional().catch(undefined),
  pauseAfter: z.int().min(0).catch(10),
})

/** What a trigger says about times that were missed, that overlap, and about failures. */
export type Policy = z.output<typeof Policy>

/** Reads it from the parameters as they are stored. */
export const policyOf = (params: string): Policy => Policy.parse(Object(JSON.parse(params)))
