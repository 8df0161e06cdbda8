import type { FastifyRequest } from 'fastify'
import { Fault } from '#errors.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses changes that another site's page asks for with the visitor's cookie. A browser names the page's origin; programs
 * send none. Only hosts are compared, because a proxy may speak HTTPS for us.
 */
export function refuseOtherSites(request: FastifyRequest, friends: readonly string[]): void {
  const { headers } = request
  if (SAFE.has(request.method) || headers.authorization || headers['x-api-key']) return
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined) {
    if (site === undefined || site === 'same-origin' || site === 'none') return
  } else if (URL.canParse(origin) && (new URL(origin).host === request.host || friends.includes(origin))) return
  throw new Fault('request.wrong_origin')
}

/** A name or an address, with or without a port. */
const HOST = /^(?:[\w.-]{1,253}|\[[\da-f:.]+\])(?::\d{1,5})?$/i

/** Refuses a host that is none: links and addresses are made from it. HTTP/1.0 knows requests without one. */
export function refuseStrangeHosts(request: FastifyRequest): void {
  const { host } = request
  if (host === '' && request.raw.httpVersion === '1.0') return
  if (!HOST.test(host) || !URL.canParse(`http://${host}`))
    throw new Fault('request.invalid', { message: 'The header Host is missing or names no host.' })
}

/** The address people reach us by: the setting, or what this request was sent to. */
export const publicUrl = (request: FastifyRequest, setting: string | null): string =>
  setting?.replace(/\/$/, '') ?? `${request.protocol}://${request.host}`
