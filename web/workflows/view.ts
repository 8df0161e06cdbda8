import { z } from 'zod'

/** What is shown: all that is in use, or a part of it. */
export const SHOWN = ['all', 'active', 'live', 'archived'] as const
/** In which order. */
export const ORDERS = ['newest', 'changed', 'name'] as const
/** What can be open over the list. */
const DIALOGS = ['new', 'describe', 'import'] as const

/** Which part of the list is looked at, as it stands in the address. */
export type View = {
  folder?: string
  q?: string
  show?: Exclude<(typeof SHOWN)[number], 'all'>
  sort?: Exclude<(typeof ORDERS)[number], 'newest'>
  open?: (typeof DIALOGS)[number]
}

/** A change of what is looked at; undefined takes a part away. */
export type Change = { [K in keyof View]?: View[K] | undefined }

const Sent = z.object({
  folder: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional()
    .catch(undefined),
  q: z
    .string()
    .min(1)
    .transform(text => text.slice(0, 200))
    .optional()
    .catch(undefined),
  show: z.enum(['active', 'live', 'archived']).optional().catch(undefined),
  sort: z.enum(['changed', 'name']).optional().catch(undefined),
  open: z.enum(DIALOGS).optional().catch(undefined),
})

/** Reads the view from an address, without what is not set. Nonsense is left out. */
export function viewOf(search: Record<string, unknown>): View {
  const { folder, q, show, sort, open } = Sent.parse(search)
  return {
    ...(folder ? { folder } : {}),
    ...(q ? { q } : {}),
    ...(show ? { show } : {}),
    ...(sort ? { sort } : {}),
    ...(open ? { open } : {}),
  }
}

/** What the list is asked for. */
export function queryOf({ folder, q, show, sort }: View): Record<string, string> {
  return {
    limit: '100',
    ...(q?.trim() ? { q: q.trim() } : {}),
    ...(folder ? { folder } : {}),
    ...(show === 'archived' ? { archived: 'true' } : {}),
    ...(show === 'active' ? { active: 'true' } : {}),
    ...(show === 'live' ? { live: 'true' } : {}),
    ...(sort ? { sort } : {}),
  }
}

/** Is it the whole list, with nothing left out? */
export const isWhole = ({ folder, q, show }: View): boolean => !folder && !q?.trim() && !show
