import type { OAuthClientProvider, OAuthTokens } from '@modelcontextprotocol/client'
import type { Context } from '#sdk/context.ts'
import { Refused } from '#sdk/fail.ts'

type Sdk = Pick<typeof import('@modelcontextprotocol/client'), 'ClientCredentialsProvider' | 'PrivateKeyJwtProvider'>

/** How a call shows who it is from: headers, or what gets tokens. */
export type SignIn = { headers: Record<string, string>; provider: OAuthClientProvider | null }

/** Where a server does not say how long a token is good for. */
const UNKNOWN = 5 * 60_000
/** Tokens that are kept; the one that was got longest ago goes. */
const MOST = 500

const kept = new Map<string, { tokens: OAuthTokens; until: number }>()

/** Does this credential get its tokens by itself? */
export const renews = ({ credential }: Context): boolean => credential?.kind === 'mcp.oauth' || credential?.kind === 'mcp.jwt'

/** The sign-in of the node's credential at this server. */
export function signIn(context: Context, server: URL, sdk: Sdk): SignIn {
  const { credential } = context
  if (credential === null) return { headers: {}, provider: null }
  const { kind, values } = credential
  const value = (name: string) => values[name]?.trim() ?? ''
  switch (kind) {
    case 'mcp.bearer':
      return { headers: { authorization: `Bearer ${value('token').replace(/^Bearer\s+/i, '')}` }, provider: null }
    case 'mcp.header':
      return { headers: { [value('name').toLowerCase()]: value('value') }, provider: null }
    case 'mcp.oauth':
    case 'mcp.jwt': {
      const common = {
        clientId: value('clientId'),
        ...(value('scope') ? { scope: value('scope') } : {}),
        expectedIssuer: value('issuer'),
      }
      const made =
        kind === 'mcp.oauth'
          ? new sdk.ClientCredentialsProvider({ ...common, clientSecret: value('clientSecret') })
          : new sdk.PrivateKeyJwtProvider({
              ...common,
              privateKey: value('privateKey'),
              algorithm: value('algorithm') || 'ES256',
            })
      return { headers: {}, provider: keeping(made, JSON.stringify([server.href, Object.entries(values).toSorted()]), context) }
    }
    default:
      throw new Refused(
        'credential.wrong_kind',
        `A credential of the kind ${kind} cannot be used for the address of an MCP server.`,
      )
  }
}

/** Tokens outlive the node that got them; one that is not taken any more is forgotten by the client, which saves a new one. */
function keeping(provider: OAuthClientProvider, key: string, { now }: Context): OAuthClientProvider {
  const found = kept.get(key)
  if (found && found.until > now) void provider.saveTokens(found.tokens)
  const save = provider.saveTokens.bind(provider)
  provider.saveTokens = (tokens, ...more) => {
    const life = tokens.expires_in ? tokens.expires_in * 1000 : UNKNOWN
    kept.delete(key)
    kept.set(key, { tokens, until: now + life - Math.min(60_000, life / 10) })
    const [oldest] = kept.keys()
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest)
    return save(tokens, ...more)
  }
  return provider
}
