import { z } from 'zod'
import { type Args, type Contract, isRaw, type Reply } from '#http/contract.ts'
import { keep, recall } from './keep.ts'

const Refusal = z.object({
  error: z.string(),
  code: z.string(),
  advice: z.string().optional(),
  requestId: z.string().optional(),
  details: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
})

/** What a call can fail with: an answer of the catalogue, or `network` and `unreadable` of our own. */
export class Failure extends Error {
  readonly status: number
  readonly code: string
  readonly details: { path: string; message: string }[]
  /** What the server says can be done about it. */
  readonly advice: string | null
  readonly requestId: string | null
  /** Seconds to wait, where the server said so. */
  readonly retryAfter: number | null

  constructor(
    it: Pick<Failure, 'status' | 'code' | 'message'> & Partial<Pick<Failure, 'details' | 'advice' | 'requestId' | 'retryAfter'>>,
  ) {
    super(it.message)
    this.name = 'Failure'
    this.status = it.status
    this.code = it.code
    this.details = it.details ?? []
    this.advice = it.advice ?? null
    this.requestId = it.requestId ?? null
    this.retryAfter = it.retryAfter ?? null
  }
}

/** The arguments of a call; left out where the contract asks for none. */
export type Given<C extends Contract> =
  unknown extends Args<C> ? [] : C extends { params: z.ZodType } | { body: z.ZodType } ? [args: Args<C>] : [args?: Args<C>]

type Parts = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }
type Extra = { signal?: AbortSignal; headers?: Record<string, string>; form?: FormData }

/** The workspace this tab works in; null follows the session. */
export const tab = {
  workspace: (): string | null => recall('workspace', 'session'),
  enter: (id: string | null): void => keep('workspace', id, 'session'),
}

/** Calls an endpoint: typed by its contract both ways. */
export function call<C extends Contract>(contract: C, ...[args]: Given<C>): Promise<Reply<C>> {
  return callWith(contract, args ?? {}, {})
}

/** Calls an endpoint with a signal to stop it, further headers, or a form to upload. */
export async function callWith<C extends Contract>(contract: C, parts: Parts, extra: Extra): Promise<Reply<C>> {
  const response = await send(contract, parts, extra)
  if (isRaw(contract.reply)) return response as Reply<C>
  const parsed = contract.reply.safeParse(await response.json().catch(() => undefined))
  if (!parsed.success)
    throw new Failure({
      status: response.status,
      code: 'unreadable',
      message: 'The answer of the server could not be read.',
      requestId: idOf(response),
    })
  return parsed.data as Reply<C>
}

/** Sends a call and hands over the raw answer once it is a good one. */
export async function send(contract: Contract, parts: Parts, extra: Extra): Promise<Response> {
  const request = new Request(new URL(addressOf(contract, parts), location.origin), {
    method: contract.method.toUpperCase(),
    headers: headersFor(contract, parts, extra),
    body: extra.form ?? (parts.body === undefined ? null : JSON.stringify(parts.body)),
    ...(extra.signal ? { signal: extra.signal } : {}),
  })
  // A creating call carries an Idempotency-Key: after a lost answer, asking once more is safe.
  const response = await reach(contract.creates && !extra.form ? request.clone() : request).catch(error => {
    if (contract.creates && !extra.form && error instanceof Failure) return reach(request)
    throw error
  })
  if (response.ok) return response
  throw failureOf(response.status, await response.text(), response.headers)
}

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    if (request.signal.aborted) throw error
    throw new Failure({ status: 0, code: 'network', message: 'The server cannot be reached.' })
  }
}

function headersFor(contract: Contract, parts: Parts, extra: Extra): Headers {
  const headers = new Headers(extra.headers)
  const workspace = tab.workspace()
  if (workspace && contract.needs !== 'nobody') headers.set('x-workspace', workspace)
  if (parts.body !== undefined && !extra.form) headers.set('content-type', 'application/json')
  if (contract.creates) headers.set('idempotency-key', freshKey())
  return headers
}

/** The path and query of a call. */
export function addressOf(contract: Pick<Contract, 'path'>, { params = {}, query = {} }: Parts): string {
  const path = contract.path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') search.set(name, String(value))
  return search.size > 0 ? `${path}?${search}` : path
}

/** What went wrong, from an answer that is not a good one. */
export function failureOf(status: number, text: string, headers: Headers): Failure {
  const retryAfter = Number(headers.get('retry-after'))
  const common = { status, requestId: headers.get('x-request-id'), retryAfter: retryAfter > 0 ? retryAfter : null }
  const parsed = Refusal.safeParse(json(text))
  if (!parsed.success)
    return new Failure({
      ...common,
      code: status >= 500 ? 'server.fault' : 'unreadable',
      message: `The server answered ${status}.`,
    })
  const { error, code, details, advice = null, requestId = common.requestId } = parsed.data
  return new Failure({ ...common, requestId, code, message: error, details, advice })
}

const idOf = (response: Response) => response.headers.get('x-request-id')

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// `crypto.randomUUID` exists only on https and localhost; this works on any address.
const freshKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
