import { STATUS_CODES } from 'node:http'
import {
  APICallError,
  InvalidArgumentError,
  InvalidPromptError,
  JSONParseError,
  TypeValidationError,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider'
import { Fault, messageOf } from '#errors.ts'
import { Refused, TryLater } from '#sdk/fail.ts'
import { afterOf } from './after.ts'

/** What a provider answered instead of what it was asked for. */
type Answered = { status: number; headers: Readonly<Record<string, string>>; body: string; words?: string }

/** Takes what is secret out of a sentence. */
export type Hide = (words: string) => string

/** The most of a provider's own words that is passed on. */
const LONGEST = 600

/** What went wrong with a call of a model, for who must act. */
export function explain(error: unknown, hide: Hide): Refused | TryLater | Fault {
  if (error instanceof Refused || error instanceof TryLater) return error
  const fault = faultIn(error)
  if (fault) return fault
  if ([UnsupportedFunctionalityError, InvalidPromptError, InvalidArgumentError].some(one => one.isInstance(error)))
    return new Refused('model.unable', `The model cannot be asked this: ${hide(short(messageOf(error)))}`)
  // The one thing that a package calls off by itself: the stream of another API.
  if (APICallError.isInstance(error) && error.statusCode === undefined && !error.isRetryable)
    return wrongAddress(hide(short(error.message)))
  const answered = answeredIn(error)
  if (answered && answered.status >= 300) return explainAnswer(answered, hide)
  return new TryLater('model.garbled', `The provider answered with something that cannot be read: ${hide(short(oddIn(error)))}`)
}

/** What cannot be read speaks for itself better than a parser does about it. */
function oddIn(error: unknown): string {
  if (TypeValidationError.isInstance(error)) return JSON.stringify(error.value)
  if (JSONParseError.isInstance(error)) return error.text
  return (APICallError.isInstance(error) && error.responseBody) || messageOf(error)
}

/** What came was not all of it. `text` is what there is, `error` what ended it. */
export function cutBy(error: Refused | TryLater | Fault, text: string): Refused | TryLater {
  if (error instanceof Refused) return new Refused(error.code, error.message, { text })
  if (error instanceof TryLater && error.code === 'model.cut') return error
  return cut(text, error.message, error instanceof TryLater ? error.after : null)
}

/** The answer ended before its end, and nobody knows what was to follow. */
export const cut = (text: string, why = '', after: number | null = null) =>
  new TryLater('model.cut', `The answer was cut off before its end${why === '' ? '.' : `: ${why}`}`, { after, details: { text } })

/** Nobody speaks the language of this provider at this address. */
export const wrongAddress = (words: string) =>
  new Refused('model.wrong_address', `This is not the address of the provider's API: ${words}`)

type Row = readonly [says: RegExp | null, statuses: RegExp, code: string, sentence: string]

/** What providers mean, from the top: some say with a status what others say in words. */
const REFUSALS: readonly Row[] = [
  [/API_KEY_INVALID|incorrect api key/i, /^4/, 'model.key_refused', 'The provider does not take the key'],
  [
    /"(insufficient_quota|insufficient_credits?|billing_\w+)"|(credit|insufficient) balance/i,
    /^4/,
    'model.no_credit',
    'The account has no credit left at the provider',
  ],
  [null, /^402/, 'model.no_credit', 'The provider wants to be paid first'],
  [
    /"(content_filter|content_policy_violation|moderation_blocked)"/i,
    /^4/,
    'model.filtered',
    'The provider does not answer this',
  ],
  [
    /context_length_exceeded|prompt is too long|maximum context length|exceeds the maximum number of tokens/i,
    /^4(00|13|22)/,
    'model.too_long',
    'The model cannot read that much at once',
  ],
  [null, /^401/, 'model.key_refused', 'The provider does not take the key'],
  [null, /^403/, 'model.key_refused', 'The provider does not let this key do that'],
  [null, /^404/, 'model.unknown', 'The provider has no such model, or nothing at this address'],
]

/** What a provider's answer means for who must act. */
function explainAnswer(answered: Answered, hide: Hide): Refused | TryLater {
  const { status, headers, body } = answered
  const said = hide(wordsOf(answered))
  if (status < 400) return wrongAddress(`it answered ${status} and leads to ${hide(short(headers.location ?? 'nowhere'))}`)
  const row = REFUSALS.find(([says, statuses]) => statuses.test(String(status)) && (says === null || says.test(body)))
  if (row) return new Refused(row[2], `${row[3]}: ${said}`)
  const after = afterOf(headers, body)
  if (status === 429) return new TryLater('model.busy', `The provider takes no more calls now: ${said}`, { after })
  if (status === 408 || status === 409 || status === 425 || status >= 500)
    return new TryLater('model.down', `The provider answered ${status}: ${said}`, { after })
  return new Refused('model.refused', `The provider does not take the request (${status}): ${said}`)
}

/** Our own guard speaks through the packages of the vendors. */
function faultIn(error: unknown): Fault | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) if (at instanceof Fault) return at
  return null
}

/** An answer with a status, or the same as an event in the middle of a stream. */
function answeredIn(error: unknown): Answered | null {
  if (APICallError.isInstance(error)) {
    const { statusCode = 0, responseHeaders = {}, responseBody = '', message } = error
    return { status: statusCode, headers: responseHeaders, body: responseBody, words: message }
  }
  const event: unknown = TypeValidationError.isInstance(error) ? Reflect.get(Object(error.value), 'error') : error
  if (typeof event === 'string') return { status: 500, headers: {}, body: event }
  if (event === undefined || event instanceof Error || typeof Reflect.get(Object(event), 'message') !== 'string') return null
  return { status: statusOf(Object(event)), headers: {}, body: JSON.stringify(event) }
}

/** Inside of a stream the status is told by a number or a word. */
function statusOf({ statusCode, status, code, type }: Record<string, unknown>): number {
  for (const one of [statusCode, code, status]) if (/^[45]\d\d$/.test(String(one))) return Number(one)
  const words = `${code} ${type}`
  const found = STATUSES.find(([pattern]) => pattern.test(words))
  return found ? found[1] : 500
}

const STATUSES: readonly (readonly [RegExp, number])[] = [
  [/rate_limit|quota/i, 429],
  [/authentication/i, 401],
  [/permission/i, 403],
  [/not_found/i, 404],
  [/invalid|context_length/i, 400],
]

/** Providers put their sentence into an object, each elsewhere. */
function wordsOf({ status, body, words }: Answered): string {
  try {
    const found = sentenceIn(JSON.parse(body))
    if (found) return short(found)
  } catch {
    const plain = body.trim()
    if (plain !== '' && !plain.startsWith('<')) return short(plain)
  }
  return short(words || STATUS_CODES[status] || 'it gave no reason')
}

function sentenceIn(value: unknown, depth = 0): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  if (typeof value !== 'object' || value === null || depth > 3) return null
  for (const name of ['error', 'message', 'msg', 'detail', 'errors', '0', 'data', 'response']) {
    const found = sentenceIn(Reflect.get(value, name), depth + 1)
    if (found) return found
  }
  return null
}

const short = (words: string) => words.slice(0, LONGEST)
