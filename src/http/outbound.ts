import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { Fault } from '#errors.ts'
import type { Log } from '#log.ts'
import { type Deadline, startDeadline } from './deadline.ts'
import { type Guard, type Lookup, makeGuard } from './guard.ts'
import { makePool } from './pool.ts'
import { type Hop, nextHop, readUrl } from './redirect.ts'
import { makeReply, type Reply } from './reply.ts'
import { troubleOf } from './trouble.ts'

/** One HTTP request. Every address, also of a redirect, is checked before it is called. */
export type OutboundRequest = {
  method: string
  url: string
  headers?: Record<string, string>
  body?: string | Uint8Array | AsyncIterable<Uint8Array>
  /** How many redirects are followed; 0 answers with the redirect itself. */
  redirects?: number
  /** Milliseconds for the whole of it. */
  timeout?: number
  /** The most bytes of an answer. */
  maxBytes?: number
  /** An HTTP proxy to go through. */
  proxy?: string
}

/** Calls other hosts, and never one of the inner network. */
export type Outbound = {
  /** Calls. Fails with `outbound.…`, or with the reason of the signal. The body has to be read, or the signal aborted. */
  call(request: OutboundRequest, signal: AbortSignal): Promise<Reply>
  /** What decides about addresses, for those who do not speak HTTP. */
  readonly guard: Guard
  close(): Promise<void>
}

type Needed = { allow: readonly string[]; log: Log; lookup?: Lookup; connectTimeout?: number }

const TIMEOUT = 60_000
/** A timer cannot be set further ahead. */
const LONGEST = 2 ** 31 - 1
const CONNECT = 10_000
const MAX_BYTES = 25 * 2 ** 20
const REDIRECTS = 5
const REDIRECTS_AT_MOST = 20

/** The end of an answer that is a redirect: this much is read to keep the connection, for this long. */
const REST = { limit: 65_536, patience: 1_000 }

const DEFAULTS = { accept: '*/*', 'accept-encoding': 'gzip, deflate, br, zstd', 'user-agent': 'PromptPilot' }

/** What decides where a message ends, or whom it is for, is not the caller's to say. */
const OURS =
  /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer|proxy-(authorization|connection))$/i

/** Makes outbound calls possible, under guard. */
export function makeOutbound({ allow, log, lookup, connectTimeout = CONNECT }: Needed): Outbound {
  const guard = makeGuard({ allow, lookup })
  const pool = makePool(guard, connectTimeout)

  async function call(request: OutboundRequest, signal: AbortSignal): Promise<Reply> {
    signal.throwIfAborted()
    const { timeout = TIMEOUT, proxy } = request
    const first = firstHop(request)
    const deadline = startDeadline(first.url.host, Math.min(Math.max(timeout, 1), LONGEST), signal)
    try {
      const carrier = await pool.carrier(proxy)
      return await follow(
        first,
        request,
        async hop => {
          deadline.at.host = proxy === undefined ? hop.url.host : `${hop.url.host}, called through a proxy,`
          guard.check(hop.url.hostname)
          // A proxy looks the name up itself; what it would find is asked for here, and a host of the inner network refused.
          if (proxy !== undefined) await guard.resolve(hop.url.hostname)
          deadline.signal.throwIfAborted()
          return send(carrier, hop, deadline)
        },
        deadline,
      )
    } catch (error) {
      deadline.end()
      const trouble = faultOf(error, deadline)
      if (trouble instanceof Fault && trouble.code === 'outbound.blocked') log.warn({ to: deadline.at.host }, trouble.message)
      throw trouble
    }
  }
  return { call, guard, close: () => pool.close() }
}

type Answer = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>
type Sending = (hop: Hop) => Promise<Answer>

async function follow(first: Hop, request: OutboundRequest, sending: Sending, deadline: Deadline): Promise<Reply> {
  const most = Math.min(request.redirects ?? REDIRECTS, REDIRECTS_AT_MOST)
  let hop = first
  for (let left = most; ; left -= 1) {
    const { statusCode: status, headers, body } = await sending(hop)
    // Whoever reads it hears of every failure; without anybody it would end the process.
    body.on('error', () => {})
    try {
      const next = most > 0 ? nextHop(hop, status, [headers.location].flat()[0]) : null
      if (next === null) {
        deadline.at.reading = true
        const watch = {
          maxBytes: request.maxBytes ?? MAX_BYTES,
          end: deadline.end,
          trouble: (error: unknown) => faultOf(error, deadline),
        }
        return makeReply({ status, headers, url: hop.url, method: hop.method, body }, watch)
      }
      if (left === 0)
        throw new Fault('outbound.too_many_redirects', {
          message: `${first.url.host} redirects more than ${most} times; the last one leads to ${next.url.origin}${next.url.pathname}.`,
        })
      hop = next
    } catch (error) {
      body.destroy()
      throw error
    }
    // Nobody waits for it: a host that never ends it must not hold up the next one.
    body.dump({ limit: REST.limit, signal: AbortSignal.timeout(REST.patience) }).catch(() => {})
  }
}

function send(carrier: Dispatcher, { method, url, headers, body }: Hop, { signal }: Deadline): Promise<Answer> {
  const sent = body === null || typeof body === 'string' || body instanceof Uint8Array ? body : Readable.from(body)
  return carrier.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers,
    body: sent,
    signal,
  })
}

function firstHop({ method, url, headers = {}, body }: OutboundRequest): Hop {
  const named = method.toUpperCase()
  if (!/^[A-Z][A-Z-]{0,30}$/.test(named) || named === 'CONNECT')
    throw new Fault('outbound.bad_request', { message: `${method.slice(0, 40)} is not a method that can be sent.` })
  const own: Record<string, string> = { ...DEFAULTS }
  const streamed = body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)
  for (const [name, value] of Object.entries(headers)) own[name.toLowerCase()] = checked(name, value, streamed)
  return { method: named, url: readUrl(url), headers: own, body: body ?? null }
}

function checked(name: string, value: string, streamed: boolean): string {
  const bad = (why: string) =>
    new Fault('outbound.bad_request', { message: `The header ${JSON.stringify(name.slice(0, 60))} ${why}.` })
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw bad('has a name that no header can have')
  // Of a stream the caller may know the length, and some hosts take none without. It is counted while it is sent.
  if (streamed && /^content-length$/i.test(name) && /^\d{1,15}$/.test(value)) return value
  if (OURS.test(name)) throw bad('is set by us and cannot be chosen')
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw bad('has a line break or a character in it that no header can carry')
  return value
}

/** The caller's own reason and our own faults stay as they are. */
function faultOf(error: unknown, { signal, at }: Deadline): unknown {
  if (signal.aborted) return signal.reason
  return error instanceof Fault ? error : troubleOf(error, at.host)
}
