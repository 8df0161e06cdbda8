import type { CallReply, Context } from '#sdk/context.ts'
import { Refused, TryLater } from '#sdk/fail.ts'
import { isObject } from '#sdk/given.ts'
import { reach } from '#sdk/reach.ts'
import { hostOf } from './address.ts'
import type { Mask } from './mask.ts'

/** So much of a body is enough to see what is wrong. */
const CUT = 2_000

const WORDS: Record<number, string> = {
  400: 'Bad Request: it does not like what was sent',
  401: 'Unauthorized: it wants somebody to sign in; choose a credential',
  403: 'Forbidden: this may not be done',
  404: 'Not Found: there is nothing at this address',
  405: 'Method Not Allowed: another method is needed here',
  408: 'Request Timeout',
  409: 'Conflict: it does not fit what is there already',
  410: 'Gone: it is not there any more',
  413: 'Content Too Large',
  415: 'Unsupported Media Type: send another kind of body',
  422: 'Unprocessable Content: it does not like what was sent',
  425: 'Too Early',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** The headers that help to find out more, also when asking those who run the service. */
const TELLING = ['content-type', 'retry-after', 'www-authenticate', 'x-request-id', 'request-id', 'x-correlation-id', 'cf-ray']

/** Where services put their words, most telling first. */
const SAYING = ['error.message', 'message', 'error_description', 'error', 'detail', 'errors[0].message', 'title', 'errors[0]']

/** What a status of 400 or more means: that somebody has to change something, or that it may work later. */
export async function failureOf(reply: CallReply, context: Context, mask: Mask): Promise<Error> {
  const { status, url } = reply
  const body = mask.text(await cutOf(reply, context))
  const told = TELLING.flatMap(name => (reply.headers[name] === undefined ? [] : [[name, mask.value(reply.headers[name])]]))
  const details = { status, headers: Object.fromEntries(told), body }
  const said = saidIn(body)
  const message = `${hostOf(url)} answered ${status} ${WORDS[status] ?? (status < 500 ? 'an error of the request' : 'an error of its own')}.${said}`
  if ([408, 425, 429].includes(status) || status >= 500)
    return new TryLater('http.status', message, { after: retryAfter(reply.headers['retry-after'], context.now), details })
  if ((status === 401 || status === 403) && context.credential !== null)
    return new Refused(
      'credential.rejected',
      `${hostOf(url)} did not accept the credential (${status}). Check it, and what it is allowed to do.${said}`,
      details,
    )
  return new Refused('http.status', message, details)
}

function saidIn(body: string): string {
  try {
    const value: unknown = JSON.parse(body)
    const words = isObject(value) ? SAYING.map(path => reach(value, path)).find(word => typeof word === 'string') : null
    return typeof words === 'string' && words !== '' ? ` It says: ${words.slice(0, 500)}` : ''
  } catch {
    // Pages and texts that are cut off say nothing in one line; they stand in the details.
    return ''
  }
}

/** The beginning of a body, as far as it is a text. */
async function cutOf(reply: CallReply, { signal }: Context): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of reply.stream()) {
      text += decoder.decode(chunk.subarray(0, CUT * 4), { stream: true })
      if (text.length >= CUT) break
    }
  } catch (error) {
    if (signal.aborted) throw error
    // The status is what matters; that its body broke off changes nothing.
  }
  return text.includes('\u0000') ? '' : text.slice(0, CUT)
}

/** Seconds, or a date; null where it says neither. */
function retryAfter(header: string | string[] | undefined, now: number): number | null {
  const text = String(header ?? '').trim()
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000)
  const at = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
