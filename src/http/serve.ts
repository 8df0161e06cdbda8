import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { type Code, Fault } from '#errors.ts'
import type { Caller, Member, Role } from './caller.ts'
import { sendText } from './compress.ts'
import { type Contract, type Input, isRaw, type Needs, type Raw, raw } from './contract.ts'
import { detailsOf } from './failure.ts'
import { addressOf, type Frame as Running } from './frame.ts'
import { readUpload, type Upload } from './upload.ts'

/** What routes are served on. */
export type Frame = Running

type CallerOf<N extends Needs> = N extends 'nobody' ? Caller | null : N extends 'person' ? Caller : Member

/** An answer that is not JSON. */
export type RawAnswer = { stream: Readable | string | Buffer | null; headers?: Record<string, string>; status?: number }

/** What the answering function is given. */
export type Given<C extends Contract> = Input<C> & {
  caller: CallerOf<C['needs']>
  upload: C['upload'] extends true ? Upload : null
  /** Aborted when the caller goes away or the time is over; that of a stream also when the server stops. */
  signal: AbortSignal
  /** The caller would rather have the events that the contract names; answered with `{ events }`. */
  live: boolean
  /** Answers with another status than the contract's. */
  as: { status: number | null }
  request: FastifyRequest
  reply: FastifyReply
}

type Json<C extends Contract> = C['reply'] extends z.ZodType ? z.input<C['reply']> : never
type Events<C extends Contract> = C['events'] extends string ? { events: RawAnswer } : never
type Answer<C extends Contract> = C['reply'] extends Raw ? RawAnswer : Json<C> | Events<C>

/** Binds a contract to its answer: identify, permit, limit, validate, answer, shape. Its codes must be of the catalogue. */
export function serve<const C extends Contract & { readonly fails?: readonly Code[] }>(
  frame: Frame,
  contract: C,
  answer: (given: Given<C>) => Promise<Answer<C>> | Answer<C>,
): void {
  const { reply: kind, upload } = contract
  const time = (contract.time ?? frame.patience.answer) + (upload ? frame.patience.arrival : 0)
  frame.contracts.push(contract)

  async function act(asked: Asked): Promise<unknown> {
    if (upload) asked.upload = await readUpload(asked.request, frame.patience)
    const given: unknown = asked
    // The parts are exactly those that `Given` names; the compiler cannot follow the schemas here.
    return answer(given as Given<C>)
  }
  const app = upload ? frame.uploads : frame.app
  app.route({
    method: contract.method.toUpperCase(),
    url: contract.path,
    config: contract.limit === undefined ? {} : { limit: contract.limit },
    onRequest: async (request, reply) => {
      request.caller = await admit(frame, contract, request, reply)
    },
    handler: async (request, reply) => {
      const asked = new Asked(frame, contract, request, reply)
      if (isRaw(kind)) return sendRaw(frame, reply, kind, (await act(asked)) as RawAnswer)
      if (asked.live)
        return sendRaw(frame, reply, EVENTS, ((await inTime(act(asked), time, asked)) as { events: RawAnswer }).events)
      const run = async () => {
        const body = JSON.stringify(kind.parse(await inTime(act(asked), time, asked)))
        return { status: asked.as.status ?? contract.status ?? 200, body }
      }
      const { status, body } = contract.creates ? await once(frame, contract, request, run) : await run()
      return sendText(reply.status(status).type('application/json; charset=utf-8'), body)
    },
  })
}

/** Says who is asking and whether they may, before a byte of the body is read. */
async function admit(frame: Frame, contract: Contract, request: FastifyRequest, reply: FastifyReply): Promise<Caller | null> {
  const address = addressOf(request)
  if (contract.rate !== undefined) await frame.limits.door(contract.path, contract.rate, address, reply)
  const caller = await frame.identify(request)
  if (caller) await frame.limits.caller(caller, reply)
  else if (contract.rate === undefined && contract.path !== '/api/health') await frame.limits.stranger(address, reply)
  if (contract.needs === 'nobody') return caller
  if (!caller) throw new Fault('auth.required')
  if (contract.inPerson && caller.kind === 'key') throw new Fault('auth.in_person')
  if (contract.needs !== 'person') permit(frame, caller, contract.needs, request)
  if (contract.share !== undefined) await frame.limits.share(contract.path, contract.share, caller, reply)
  return caller
}

function permit(frame: Frame, caller: Caller, needs: Role, request: FastifyRequest): void {
  if (caller.role === null) throw new Fault(request.headers['x-workspace'] ? 'workspace.not_found' : 'workspace.none')
  if (!frame.permits(caller.role, needs))
    throw new Fault('role.too_small', { message: `Your role here is ${caller.role}; this needs ${needs}.` })
}

function check(schema: z.ZodType | undefined, value: unknown, root: string): unknown {
  if (!schema) return undefined
  const parsed = schema.safeParse(value === undefined ? {} : value)
  if (parsed.success) return parsed.data
  throw new Fault('request.invalid', { details: detailsOf(parsed.error, root) })
}

const EVENTS = raw('stream', 'text/event-stream', '')

type Text = { status: number; body: string }

/** Where something is made and the caller names the attempt, it is made once. The bytes of a file are not compared, only how many there are. */
async function once(frame: Frame, contract: Contract, request: FastifyRequest, run: () => Promise<Text>): Promise<Text> {
  const { caller, headers } = request
  const key = headers['idempotency-key']
  if (typeof key !== 'string' || !caller) return run()
  const content = contract.upload ? `${headers['content-length']} bytes` : JSON.stringify(request.body ?? null)
  return frame.once(`${caller.user.id}/${caller.workspace ?? ''}`, key, `${contract.method} ${request.url} ${content}`, run)
}

/** What was asked, checked; and who is told when nobody waits for the answer any more. */
class Asked {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly caller: Caller | null
  upload: Upload | null = null
  readonly as: { status: number | null } = { status: null }
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly live: boolean
  readonly #stopping: AbortSignal | null
  #leash: AbortController | undefined

  constructor(frame: Frame, contract: Contract, request: FastifyRequest, reply: FastifyReply) {
    this.params = check(contract.params, request.params, 'params')
    this.query = check(contract.query, request.query, 'query')
    this.body = check(contract.body, request.body, 'body')
    this.caller = request.caller
    this.request = request
    this.reply = reply
    this.live = contract.events !== undefined && /\btext\/event-stream\b/i.test(request.headers.accept ?? '')
    const streams = this.live || (isRaw(contract.reply) && contract.reply.raw === 'stream')
    this.#stopping = streams ? frame.stopping.signal : null
  }

  /** Made when it is asked for: most answers are there at once. */
  get signal(): AbortSignal {
    if (this.#leash) return this.#leash.signal
    const leash = new AbortController()
    const { raw } = this.reply
    const cut = () => leash.abort()
    this.#leash = leash
    this.#stopping?.addEventListener('abort', cut)
    raw.once('close', () => {
      this.#stopping?.removeEventListener('abort', cut)
      cut()
    })
    if (raw.destroyed || this.#stopping?.aborted) cut()
    return leash.signal
  }

  late(): void {
    this.#leash?.abort()
  }
}

/** What is not there in time comes too late: the work is told, and whatever becomes of it is not heard any more. */
function inTime<T>(work: Promise<T>, time: number, asked: Asked): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Fault('server.timeout'))
      asked.late()
    }, time)
    work.then(resolve, reject).then(() => clearTimeout(timer))
  })
}

function sendRaw({ log }: Frame, reply: FastifyReply, kind: Raw, answer: RawAnswer): FastifyReply | Promise<FastifyReply> {
  reply.status(answer.status ?? 200).header('content-type', kind.type)
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value)
  const { stream } = answer
  if (typeof stream === 'string') return sendText(reply, stream)
  // Once it has begun, an answer can only break off; the one who asked sees that, and the log says why.
  if (stream instanceof Readable) {
    stream.once('error', err => {
      if (reply.raw.headersSent) log.error({ request: reply.request.id, err }, 'an answer broke off')
    })
    // Of what is asked for by HEAD nothing is sent; left alone it would be read to its end, which a stream may not have.
    if (reply.request.method === 'HEAD') reply.raw.once('finish', () => stream.destroy())
  }
  return reply.send(stream ?? '')
}
