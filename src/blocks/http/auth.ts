import type { Context } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'
import type { Pair } from './address.ts'
import { base64 } from './base64.ts'
import { headerOf } from './headers.ts'
import { tokenFor } from './token.ts'

/** How a call shows who it is from. */
export type SignIn = {
  headers: Record<string, string>
  query: Pair[]
  /** What must not be seen in anything that comes back. */
  secrets: string[]
  /** A sign-in that can be renewed, when the service does not take it any more. */
  renew: (() => Promise<SignIn>) | null
}

/** The sign-in of the node's credential. */
export async function signIn(context: Context, stale?: string): Promise<SignIn> {
  const { credential } = context
  if (credential === null) return { headers: {}, query: [], secrets: [], renew: null }
  const { kind, values } = credential
  const value = (name: string) => values[name] ?? ''
  const by = (headers: [string, string][], query: Pair[], ...secrets: string[]): SignIn => ({
    headers: Object.fromEntries(headers),
    query,
    secrets,
    renew: null,
  })
  switch (kind) {
    case 'http.basic': {
      const pair = base64(`${value('user')}:${value('password')}`)
      return by([['authorization', `Basic ${pair}`]], [], pair, value('password'))
    }
    case 'http.bearer': {
      const token = value('token')
        .trim()
        .replace(/^Bearer\s+/i, '')
      return by([headerOf('credential', 'authorization', `Bearer ${token}`)], [], token)
    }
    case 'http.header': {
      const secret = value('value').trim()
      return by([headerOf('credential', value('name').trim(), secret)], [], secret)
    }
    case 'http.query':
      return by([], [[value('name'), value('value')]], value('value'))
    case 'http.oauth2': {
      const token = await tokenFor(values, context, stale)
      const made = by([headerOf('credential', 'authorization', `Bearer ${token}`)], [], token, value('clientSecret'))
      return { ...made, renew: () => signIn(context, token) }
    }
    default:
      throw new Refused('credential.wrong_kind', `A credential of the kind ${kind} cannot be used for an HTTP request.`)
  }
}
