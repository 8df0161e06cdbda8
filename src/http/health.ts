import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Fault } from '#errors.ts'
import { plainAddress } from './address.ts'
import { contract, raw } from './contract.ts'
import { type Frame, serve } from './serve.ts'

/** One thing the server needs; throws when it does not work. */
export type Probe = { name: string; check: () => Promise<void> }

/** The process lives. */
const health = contract({
  method: 'get',
  path: '/api/health',
  area: 'health',
  needs: 'nobody',
  about: 'The process is alive.',
  reply: z.object({ status: z.literal('ok'), version: z.string() }),
})

/** The server can do its work. */
const ready = contract({
  method: 'get',
  path: '/api/health/ready',
  area: 'health',
  needs: 'nobody',
  about: 'Everything the server needs works: 200, or 503 with what does not.',
  reply: raw('text', 'application/json', '`{ status, checks: { name: { ok, ms, message? } } }`'),
})

/** The numbers for Prometheus. */
const metrics = contract({
  method: 'get',
  path: '/metrics',
  area: 'health',
  needs: 'nobody',
  about: 'Metrics in the text format of Prometheus, for METRICS_TOKEN as bearer token, or from this machine when there is none.',
  reply: raw('text', 'text/plain; version=0.0.4; charset=utf-8', 'Metrics.'),
  fails: ['auth.required'],
})

/** How long a probe may take before it counts as failed. */
const PATIENCE = 3_000

/** For so long a finding is told again: probes write, and anybody may ask. */
const FRESH = 1_000

type Options = { version: string; probes: Probe[]; metricsToken: string | null; patience?: number }

/** Serves health, readiness and metrics. */
export function serveHealth(frame: Frame, { version, probes, metricsToken, patience = PATIENCE }: Options): void {
  const { clock, stopping } = frame
  let found: Promise<Finding[]> | undefined
  let at = 0
  const look = () => {
    if (found === undefined || clock.now() - at >= FRESH || clock.now() < at) {
      at = clock.now()
      found = Promise.all(probes.map(probe => run(probe, frame, patience)))
    }
    return found
  }
  serve(frame, health, () => ({ status: 'ok' as const, version }))
  serve(frame, ready, async () => {
    const checks = await look()
    const ok = checks.every(([, one]) => one.ok) && !stopping.signal.aborted
    return {
      status: ok ? 200 : 503,
      stream: JSON.stringify({ status: ok ? 'ready' : 'not ready', checks: Object.fromEntries(checks) }),
    }
  })
  serve(frame, metrics, async ({ request }) => {
    if (!mayRead(request, metricsToken))
      throw new Fault('auth.required', { message: 'Metrics ask for METRICS_TOKEN as bearer token.' })
    return { stream: await frame.metrics.registry.metrics() }
  })
}

type Finding = [string, { ok: boolean; ms: number; message?: string }]

async function run({ name, check }: Probe, { clock, log }: Frame, patience: number): Promise<Finding> {
  const start = clock.now()
  let timer: NodeJS.Timeout | undefined
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Fault('server.timeout', { message: `No answer within ${patience} ms.` })), patience)
    })
    await Promise.race([check(), late])
    return [name, { ok: true, ms: clock.now() - start }]
  } catch (error) {
    log.warn({ probe: name, err: error }, 'a readiness check failed')
    // Anybody may ask, so of what is not meant for people only the log tells.
    const message = error instanceof Fault ? error.message : 'It does not work; the log of the server says why.'
    return [name, { ok: false, ms: clock.now() - start, message }]
  } finally {
    clearTimeout(timer)
  }
}

/** A proxy on this machine speaks for strangers, and so may a page in a browser, which names its own host: neither counts as local. */
const FORWARDED = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'forwarded',
  'via',
  'origin',
  'referer',
]
const LOCAL = /^(?:localhost|127\.[\d.]+|\[::1\])(?::\d+)?$/

function mayRead({ headers, socket }: FastifyRequest, token: string | null): boolean {
  if (token !== null) {
    const given = Buffer.from(headers.authorization?.replace(/^Bearer /i, '') ?? '')
    const wanted = Buffer.from(token)
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  }
  const address = plainAddress(socket.remoteAddress)
  const near = address === '::1' || address.startsWith('127.')
  return near && LOCAL.test(headers.host ?? '') && !FORWARDED.some(name => name in headers)
}
