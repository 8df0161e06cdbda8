import type { CallReply, Context } from '#sdk/context.ts'
import { Refused, TryLater } from '#sdk/fail.ts'
import { isObject } from '#sdk/given.ts'
import { encoded, hostOf, type Pair } from './address.ts'
import { base64 } from './base64.ts'
import { maskOf } from './mask.ts'

type Values = Readonly<Record<string, string>>
type Token = { value: string; until: number }
type Asking = { signal: AbortSignal; token: Promise<Token> }

/** Where a service does not say how long a token is good for. */
const UNKNOWN = 5 * 60_000

/** A token is renewed this long before its end: calls take time, and clocks differ. */
const MARGIN = 60_000

const TIMEOUT = 30_000
const MOST_BYTES = 2 ** 20

/** Tokens that are kept; the one that was asked for longest ago goes. */
const MOST = 500

const kept = new Map<string, Token>()
const asked = new Map<string, Asking>()

/** The token of these values: one that is still good, or a new one. `stale` is one that was not taken any more. */
export async function tokenFor(values: Values, context: Context, stale?: string): Promise<string> {
  const key = JSON.stringify(Object.entries(values).toSorted())
  for (;;) {
    const found = kept.get(key)
    if (found && found.value !== stale && found.until > context.now) return found.value
    context.signal.throwIfAborted()
    const other = asked.get(key)
    if (!other) break
    try {
      return (await other.token).value
    } catch (error) {
      // Whoever asked may have been cancelled, which is no answer for us.
      if (!other.signal.aborted) throw error
    }
  }
  const token = ask(values, context)
  asked.set(key, { signal: context.signal, token })
  try {
    const made = await token
    kept.delete(key)
    kept.set(key, made)
    const [oldest] = kept.keys()
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest)
    return made.value
  } finally {
    asked.delete(key)
  }
}

async function ask(values: Values, context: Context): Promise<Token> {
  const { tokenUrl = '', clientId = '', clientSecret = '', scope = '', audience = '', authentication = 'header' } = values
  const inBody = authentication === 'body'
  const form: Pair[] = [
    ['grant_type', 'client_credentials'],
    ...(inBody
      ? ([
          ['client_id', clientId],
          ['client_secret', clientSecret],
        ] satisfies Pair[])
      : []),
    ...(scope ? ([['scope', scope]] satisfies Pair[]) : []),
    ...(audience ? ([['audience', audience]] satisfies Pair[]) : []),
  ]
  // The standard wants both halves spelled as in a form before they are put together.
  const pair = base64(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)
  const reply = await context.call({
    method: 'POST',
    url: tokenUrl,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(inBody ? {} : { authorization: `Basic ${pair}` }),
    },
    body: encoded(form),
    // A redirect would carry the secret to where nobody meant it to go.
    redirects: 0,
    timeout: TIMEOUT,
    maxBytes: MOST_BYTES,
  })
  const said = await readJson(reply)
  if (reply.status >= 300) throw refusal(reply.status, said, tokenUrl, [clientSecret, pair])
  const { access_token: value, expires_in: seconds } = said
  if (typeof value !== 'string' || value === '')
    throw new Refused(
      'credential.no_token',
      `${hostOf(tokenUrl)} answered without a token (access_token). Check the token address of the credential.`,
    )
  const life = Number(seconds) > 0 ? Number(seconds) * 1000 : UNKNOWN
  return { value, until: context.now + life - Math.min(MARGIN, life / 10) }
}

async function readJson(reply: CallReply): Promise<Record<string, unknown>> {
  const text = await reply.text()
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    // The status says enough, and a token is not in it.
    return {}
  }
}

function refusal(status: number, said: Record<string, unknown>, tokenUrl: string, secrets: string[]): Error {
  const mask = maskOf(secrets)
  const words = [said.error, said.error_description].filter(word => typeof word === 'string').join(': ')
  const message = `${hostOf(tokenUrl)} gave no token: it answered ${status}${words ? ` (${mask.text(words).slice(0, 500)})` : ''}.`
  if (status === 429 || status >= 500) return new TryLater('credential.no_token', message)
  return new Refused('credential.rejected', `${message} Check the credential.`, { status })
}
