import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { Fault } from '#errors.ts'
import type { Caller, Member, Role } from './caller.ts'
import { compressed } from './compress.ts'
import { type Contract, type Input, isRaw, type Needs, type Raw } from './contract.ts'
import { detailsOf } from './failure.ts'
import { addressOf, type Frame } from './frame.ts'
import { readUpload, type Upload } from './upload.ts'

export type { Frame } from './frame.ts'

type CallerOf<N extends Needs> = N extends 'nobody' ? Caller | null : N extends 'person' ? Caller : Member

/** An answer that is not JSON. */
export type RawAnswer = { stream: Readable | string | Buffer | null; headers?: Record<string, string>; status?: number }

/** What the answering function is given. */
export type Given<C extends Contract> = Input<C> & {
  caller: CallerOf<C['needs']>
  upload: C['upload'] extends true ? Upload : null
  /** Aborted when the caller goes away, the time is over or the server stops. */
  signal: AbortSignal
  request: FastifyRequest
  reply: FastifyReply
}

type Answer<C extends Contract> = C['reply'] extends Raw ? RawAnswer : C['reply'] extends z.ZodType ? z.input<C['reply']> : never

/** How long an answer in JSON may take. */
const TIME = 60_000

/** Binds a contract to its answer: identify, permit, limit, validate, answer, shape. */
export function serve<const C extends Contract>(
  frame: Frame,
  contract: C,
  answer: (given: Given<C>) => Promise<Answer<C>> | Answer<C>,
): void {
  frame.contracts.push(contract)
  frame.app.route({
    method: contract.method.toUpperCase(),
    url: contract.path,
    config: contract.limit === undefined ? {} : { limit: contract.limit },
    onRequest: async (request, reply) => {
      request.caller = await admit(frame, contract, request, reply)
    },
    handler: async (request, reply) => {
      if (!contract.upload && request.isMultipart())
        throw new Fault('request.wrong_type', { message: 'Files are not accepted here; send Content-Type: application/json.' })
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const input = {
        params: check(contract.params, request.params, 'params'),
        query: check(contract.query, request.query, 'query'),
        body: check(contract.body, request.body, 'body'),
        caller: request.caller,
        upload: contract.upload ? await readUpload(request) : null,
        signal: AbortSignal.any([gone.signal, frame.stopping.signal]),
        request,
        reply,
        // The parts above are exactly those that `Given` names; the compiler cannot follow the schemas here.
      } as unknown as Given<C>
      if (isRaw(contract.reply)) return sendRaw(reply, contract.reply, (await answer(input)) as RawAnswer)
      const { status, body } = await answerOnce(frame, contract, request, () => inTime(answer(input)))
      return reply
        .status(status)
        .type('application/json; charset=utf-8')
        .send(await compressed(request, reply, body))
    },
  })
}

/** Says who is asking and whether they may, before a byte of the body is read. */
async function admit(frame: Frame, contract: Contract, request: FastifyRequest, reply: FastifyReply): Promise<Caller | null> {
  const address = addressOf(request)
  if (contract.rate !== undefined) await frame.limits.door(contract.path, contract.rate, address, reply)
  const caller = await frame.identify(request)
  if (caller) await frame.limits.caller(caller.kind === 'key' ? caller.id : caller.user.id, reply)
  else if (contract.rate === undefined && contract.path !== '/api/health') await frame.limits.stranger(address, reply)
  if (contract.needs === 'nobody') return caller
  if (!caller) throw new Fault('auth.required')
  if (contract.inPerson && caller.kind === 'key') throw new Fault('auth.in_person')
  if (contract.needs !== 'person') permit(frame, caller, contract.needs, request)
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

async function answerOnce(
  frame: Frame,
  contract: Contract,
  request: FastifyRequest,
  act: () => Promise<unknown>,
): Promise<{ status: number; body: string }> {
  const { reply } = contract
  if (isRaw(reply)) throw new Error(`${contract.path} does not answer in JSON`)
  const run = async () => ({ status: contract.status ?? 200, body: JSON.stringify(reply.parse(await act())) })
  const key = request.headers['idempotency-key']
  if (!contract.creates || typeof key !== 'string' || !request.caller || contract.upload) return run()
  const subject = `${request.caller.user.id}/${request.caller.workspace ?? ''}`
  return frame.once(subject, key, `${contract.method} ${request.url} ${JSON.stringify(request.body ?? null)}`, run)
}

async function inTime<T>(work: Promise<T> | T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Fault('server.timeout')), TIME)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function sendRaw(reply: FastifyReply, kind: Raw, answer: RawAnswer): FastifyReply {
  reply.status(answer.status ?? 200).header('content-type', kind.type)
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value)
  return reply.send(answer.stream ?? '')
}
