import type { Context } from '#sdk/context.ts'
import { Refused, TryLater } from '#sdk/fail.ts'
import { isObject } from '#sdk/given.ts'
import { renews } from './auth.ts'
import { clean, line } from './clean.ts'
import { rejected } from './fetch.ts'
import { nameOf, type Place } from './place.ts'
import type { Seen } from './seen.ts'

/** The codes of the protocol that say what a person can do about it. */
const WORDS: Record<number, string> = {
  [-32601]: 'does not know what it was asked for',
  [-32602]: 'does not like what it was asked with',
  [-32002]: 'has no such resource',
  [-32042]: 'wants a person to open an address first',
}
const INTERNAL = -32603

/** What went wrong with a server, in words: that somebody has to change something, or that it may work later. */
export function failureOf(error: unknown, place: Place, context: Context, seen: Seen): unknown {
  if (error instanceof Refused || error instanceof TryLater) return error
  if (seen.trouble !== null) return seen.trouble
  const code = error instanceof Error ? Reflect.get(error, 'code') : null
  if (typeof code === 'number') return ofProtocol(code, error, place)
  const said = deepest(error)
  // Where a token could be got, and still none was taken, the client knows why.
  if (seen.refused?.status === 401 && renews(context) && said !== '')
    return new Refused('credential.rejected', `${nameOf(place)} could not be signed in at: ${said}. Check the credential.`)
  if (seen.refused) return ofStatus(seen.refused, place, context)
  if (code === 'CAPABILITY_NOT_SUPPORTED') return new Refused('mcp.not_offered', `${nameOf(place)} does not offer this. ${said}`)
  if (code === 'LIST_PAGINATION_EXCEEDED')
    return new Refused('mcp.endless', `${nameOf(place)} does not come to an end with its list; more than 100 pages are not read.`)
  return new Refused(
    'mcp.bad_answer',
    `${nameOf(place)} does not answer as an MCP server does. Check the address, and by what it is reached.${said && ` (${said})`}`,
  )
}

/** The reason behind the reasons. */
function deepest(error: unknown): string {
  let at = error
  for (let deep = 0; deep < 5 && at instanceof Error && at.cause instanceof Error; deep += 1) at = at.cause
  return at instanceof Error ? line(at.message).replace(/\.$/, '') : ''
}

function ofProtocol(code: number, error: unknown, place: Place): Error {
  const message = error instanceof Error ? error.message : ''
  const data = isObject(error) || error instanceof Error ? Reflect.get(error, 'data') : undefined
  const addresses = isObject(data) && Array.isArray(data.elicitations) ? data.elicitations.slice(0, 5) : []
  const where = addresses.map(one => (isObject(one) ? ` ${line(one.url, 500)}` : '')).join('')
  const text = `${nameOf(place)} ${WORDS[code] ?? `refuses (${code})`}: ${clean(message)}${where}`
  return code === INTERNAL ? new TryLater('mcp.failed', text, { details: { code } }) : new Refused('mcp.refused', text, { code })
}

function ofStatus({ status, said, location, session }: NonNullable<Seen['refused']>, place: Place, context: Context): Error {
  const words = said && ` It says: ${said}`
  if (status === 401 || status === 403) return rejected(place, context, status, words)
  if (status >= 500)
    return new TryLater('mcp.failed', `${nameOf(place)} answered ${status}, an error of its own.${words}`, {
      details: { status },
    })
  if (status === 404 && session)
    return new TryLater('mcp.session_lost', `${nameOf(place)} has forgotten the session while it was used (404).${words}`)
  if (status >= 300 && status < 400) {
    const to = URL.parse(location, place.server)
    return new Refused(
      'mcp.redirected',
      `${nameOf(place)} redirects${to ? ` to ${to.origin}${to.pathname}` : ''}, and credentials do not follow. Fill in that address, if you trust it.`,
      { status },
    )
  }
  const what =
    status === 404
      ? 'has nothing at this address (404)'
      : status === 405
        ? 'does not take this kind of call (405); an older one may have to be reached by sse'
        : `answered ${status}`
  return new Refused('mcp.status', `${nameOf(place)} ${what}. Check the address.${words}`, { status })
}
