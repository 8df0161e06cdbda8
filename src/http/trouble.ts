import { Fault } from '#errors.ts'

const TLS: Record<string, string> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet (is the clock of this machine right?)',
  CERT_REVOKED: 'its certificate was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself, so nobody vouches for it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it does not send the whole chain of its certificate, or the authority is unknown here',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that this machine does not know',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS at this port; does the address begin with http:// instead of https://?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS at this port; does the address begin with http:// instead of https://?',
  ERR_SSL_HTTP_REQUEST: 'it does not speak TLS at this port; does the address begin with http:// instead of https://?',
}

const SOCKET: Record<string, string> = {
  ECONNREFUSED: 'refused the connection: nothing listens at this port',
  ECONNRESET: 'hung up before the answer was complete',
  EPIPE: 'hung up before the request was complete',
  UND_ERR_SOCKET: 'hung up before the answer was complete',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'sent less than it had announced',
  UND_ERR_HEADERS_OVERFLOW: 'answered with more headers than are read',
  EHOSTUNREACH: 'cannot be reached: no way leads there',
  ENETUNREACH: 'cannot be reached: no way leads there',
  EADDRNOTAVAIL: 'cannot be reached: no way leads there',
}

/** What went wrong, for a person. `host` is whom we spoke with. */
export function troubleOf(error: unknown, host: string): Fault {
  const first = error instanceof AggregateError ? error.errors[0] : error
  const cause = first instanceof Error && first.cause instanceof Error ? first.cause : null
  for (const one of [first, cause]) if (one instanceof Fault) return one
  const code = codeOf(first) ?? ''
  const message = first instanceof Error ? first.message : String(first)
  const says = (words: string) => new Fault('outbound.unreachable', { message: `${host} ${words}.`, cause: error })
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return new Fault('outbound.timeout', { message: `${host} did not accept a connection in time.`, cause: error })
  const tls = TLS[code] ?? TLS[codeOf(cause) ?? '']
  if (tls) return says(`cannot be trusted: ${tls}`)
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)) return says(`and this machine cannot agree on a secure connection (${code})`)
  if (first instanceof Error && first.name === 'HTTPParserError') return says('answered with something that is not HTTP')
  if (/^(Z_|ERR_BROTLI|ERR_ZSTD|ZSTD_|ERR__|ERR_PADDING)/.test(code)) return says('sent an answer whose compression is broken')
  if (/Proxy Authentication Required/.test(message))
    return says('asks for a user name and a password before it passes anything on')
  const tunnel = /^Proxy response \((\d+)\)/.exec(message)
  if (tunnel) return says(`does not connect to where the call should go: it answered ${tunnel[1]}`)
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED' || code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH')
    return new Fault('outbound.bad_request', { message: `The request cannot be sent: ${message}.`, cause: error })
  return says(SOCKET[code] ?? `could not be reached${code ? ` (${code})` : ''}`)
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
