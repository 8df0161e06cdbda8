import { Fault } from '#errors.ts'

/** What is sent to one address. */
export type Hop = {
  method: string
  url: URL
  headers: Record<string, string>
  body: string | Uint8Array | AsyncIterable<Uint8Array> | null
}

/** The only headers that go along to another origin: none of these can carry a credential. */
const HARMLESS =
  /^(accept(-encoding|-language)?|user-agent|content-(type|encoding|language|disposition|md5)|cache-control|pragma|range|if-(match|none-match|modified-since|unmodified-since|range)|prefer|idempotency-key|x-request-id|traceparent|tracestate)$/i

const OF_BODY = /^content-/i

/** No header of HTTP is as long as this. */
const LONGEST = 16_384

/** Reads an address that is to be called. */
export function readUrl(text: string, from?: URL): URL {
  const bad = (why: string) =>
    new Fault('outbound.bad_url', {
      message: from ? `${from.host} redirects to an address that ${why}.` : `The address ${why}.`,
    })
  if (text.length > LONGEST) throw bad(`is longer than ${LONGEST} characters`)
  const url = URL.parse(text, from)
  if (url === null) throw bad(from ? 'cannot be read' : `cannot be read; it must begin with https:// or http:// and name a host`)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw bad(`begins with ${url.protocol}, not with https:// or http://`)
  if (url.username !== '' || url.password !== '')
    throw bad('holds a user name or a password; use a credential instead, addresses end up in logs')
  url.hash = ''
  return url
}

/** What follows on an answer; null where it is the end. */
export function nextHop(hop: Hop, status: number, location: string | undefined): Hop | null {
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return null
  const url = readUrl(location, hop.url)
  // As browsers do: 303 always asks for another page, 301 and 302 only after a POST.
  const asks = (status === 303 && !/^(GET|HEAD)$/.test(hop.method)) || (status < 303 && hop.method === 'POST')
  const body = asks ? null : hop.body
  if (body !== null && typeof body !== 'string' && !(body instanceof Uint8Array))
    throw new Fault('outbound.lost_body', {
      message: `${hop.url.host} redirects to ${url.origin}${url.pathname}, and the body cannot be sent a second time. Call that address instead.`,
    })
  const headers = Object.entries(hop.headers).filter(
    ([name]) => (url.origin === hop.url.origin || HARMLESS.test(name)) && !(asks && OF_BODY.test(name)),
  )
  return { method: asks ? 'GET' : hop.method, url, headers: Object.fromEntries(headers), body }
}
