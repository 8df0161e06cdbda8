import { z } from 'zod'

/** What a caller must be: nobody in particular, a signed-in person, or a member with at least this role. */
export type Needs = 'nobody' | 'person' | 'viewer' | 'operator' | 'editor' | 'admin' | 'owner'

/** What an endpoint answers with when it is not JSON. */
export type Raw = { raw: 'file' | 'stream' | 'text'; type: string; about: string }

/** One endpoint: from this come validation, roles, OpenAPI, the browser's call and the contract tests. */
export type Contract = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Begins with `/`; parameters as `:name`. */
  readonly path: string
  readonly area: string
  readonly about: string
  readonly needs: Needs
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  /** JSON unless `upload` is set. Objects refuse unknown fields. */
  readonly body?: z.ZodType
  /** The body is multipart/form-data with one file. */
  readonly upload?: boolean
  /** A schema for JSON, `raw(…)` for anything else. */
  readonly reply: z.ZodType | Raw
  /** The status of success; 200 unless said. */
  readonly status?: number
  /** Creates something: takes an Idempotency-Key. */
  readonly creates?: boolean
  /** The codes of the catalogue it may fail with, besides those of the frame; `serve` checks that they are there. */
  readonly fails?: readonly string[]
  /** The most bytes its body may have; 1 MiB unless said. */
  readonly limit?: number
  /** Calls per minute and address; for doors that can be forced. */
  readonly rate?: number
  /** Calls per minute and person, with all sessions and keys; for what is dear. */
  readonly share?: number
  /** How long its answer may take, in milliseconds; as long as any other unless said. */
  readonly time?: number
  /** Asked with `Accept: text/event-stream` it answers with events instead; says which. */
  readonly events?: string
  /** Not for keys: only a person with a session may do this. */
  readonly inPerson?: boolean
}

/** Declares an endpoint; keeps its exact types. */
export const contract = <const C extends Contract>(it: C): C => it

/** Declares an answer that is not JSON. */
export const raw = (kind: Raw['raw'], type: string, about: string): Raw => ({ raw: kind, type, about })

/** Is the answer something other than JSON? */
export const isRaw = (reply: Contract['reply']): reply is Raw => 'raw' in reply

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined
type Given<T> = T extends z.ZodType ? z.input<T> : undefined

/** What the answering function is given. */
export type Input<C extends Contract> = { params: Parsed<C['params']>; query: Parsed<C['query']>; body: Parsed<C['body']> }

/** What a caller passes: only the parts the contract names. */
export type Args<C extends Contract> = (C['params'] extends z.ZodType ? { params: Given<C['params']> } : unknown) &
  (C['query'] extends z.ZodType ? { query?: Given<C['query']> } : unknown) &
  (C['body'] extends z.ZodType ? { body: Given<C['body']> } : unknown)

/** What comes back. */
export type Reply<C extends Contract> = C['reply'] extends z.ZodType ? z.output<C['reply']> : unknown

/** How a list is asked for. */
export const Page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
})

/** How a list answers: newest first; `next` is the cursor of the following page. */
export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() })

/** Cuts the one row too many that a query fetched to know whether there is more. */
export function pageOf<T extends { id: string }>(rows: T[], limit: number): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** A time, as ISO 8601 in UTC. */
export const Time = z.iso.datetime()

/** The parameters of one thing. */
export const Id = z.strictObject({ id: z.string().regex(/^[\w-]{1,64}$/, { error: 'is not an id' }) })

/** Nothing more to say. */
export const Done = z.object({ ok: z.literal(true) })

/** A time as the API shows it. */
export const iso = (time: number | string | Date): string => new Date(time).toISOString()
