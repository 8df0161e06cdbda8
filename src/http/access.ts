import type { FastifyReply } from 'fastify'
import type { Log } from '#log.ts'
import type { Metrics } from './metrics.ts'

/** Ids of ours say nothing to those who may not look; anything else as long may be a token. */
const ID = /^[a-z]{2,5}_[0-9a-z]{26}$/
const LONGEST_WORD = 20
const MOST_PARTS = 12

/** What is written down for those who went before they were answered. */
const GONE = 499

/** The path of an address on this server. */
export const pathOf = (url: string): string => url.split(/[?#]/, 1)[0] ?? ''

/** The path as the log may show it: no query, no token, not without end. */
function shownPath(url: string): string {
  const path = pathOf(url)
  if (path.length < LONGEST_WORD) return path
  const parts = path.split('/').map(part => (part.length < LONGEST_WORD || ID.test(part) ? part : '•••'))
  return parts.length > MOST_PARTS ? `${parts.slice(0, MOST_PARTS).join('/')}/…` : parts.join('/')
}

/** Writes one line for a request that is over, and counts it. */
export function noteRequest(reply: FastifyReply, finished: boolean, log: Log, metrics: Metrics): void {
  const { request, elapsedTime } = reply
  const { method, url, id, address, caller } = request
  const route = request.routeOptions.url
  const status = finished ? reply.statusCode : GONE
  metrics.request(method, route ?? 'none', status, elapsedTime / 1000)
  const ms = Math.round(elapsedTime * 10) / 10
  const fields = { request: id, method, path: shownPath(url), status, ms, address, by: caller?.user.id }
  // What a page loads and what a monitor asks all day is not worth a line.
  if (route?.startsWith('/api/') && !route.startsWith('/api/health')) log.info(fields, 'request')
  else log.debug(fields, 'request')
}
