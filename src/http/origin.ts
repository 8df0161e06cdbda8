import type { FastifyRequest } from 'fastify'
import { Fault } from '#errors.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses changes that another site's page asks for with the visitor's cookie. A browser names the page's origin; programs
 * send none. Only hosts are compared, because a proxy may speak HTTPS for us.
 */
export function refuseOtherSites(request: FastifyRequest, friends: readonly string[]): void {
  if (SAFE.has(request.method) || request.headers.authorization || request.headers['x-api-key']) return
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  if (origin === undefined) {
    if (site === undefined || site === 'same-origin' || site === 'none') return
  } else if (URL.canParse(origin) && (new URL(origin).host === request.host || friends.includes(origin))) return
  throw new Fault('request.wrong_origin')
}

/** The address people reach us by: the setting, or what this request was sent to. */
export const publicUrl = (request: FastifyRequest, setting: string | null): string =>
  setting?.replace(/\/$/, '') ?? `${request.protocol}://${request.host}`
