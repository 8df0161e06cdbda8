import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { Fault } from '#errors.ts'
import type { Member } from '#http/caller.ts'
import type { Knock } from '#http/door.ts'
import type { Frame } from '#http/frame.ts'
import type { World } from '#world.ts'

/** Lets a call in, or says why not: the name it was sent to, the page it comes from, and the key it has. */
export async function admit(frame: Frame, { config }: World, { request, reply, headers, address }: Knock): Promise<Member> {
  refuseOtherNames(request, config)
  refuseOtherPages(request, config.corsOrigins)
  // Never the cookie of a visitor: a page that runs in the browser must not act for whoever looks at it.
  const { authorization, 'x-api-key': key } = headers
  const caller = authorization === undefined && key === undefined ? null : await frame.identify(request)
  if (caller) await frame.limits.caller(caller, reply)
  else await frame.limits.stranger(address, reply)
  if (caller?.kind !== 'key')
    throw new Fault('auth.required', { message: 'This address takes an API key, as Bearer token or as `x-api-key`.' })
  const { workspace, role } = caller
  if (workspace === null || role === null) throw new Fault('workspace.not_found')
  return { ...caller, workspace, role }
}

type Names = Pick<World['config'], 'publicUrl' | 'mcpHosts' | 'corsOrigins'>

/**
 * A page can make its own name point at this machine, and then its browser takes us for the page's server. So only names are
 * taken that nobody outside can have pointed here: addresses, names without a dot, and those that the operator has named.
 */
function refuseOtherNames({ host }: FastifyRequest, { publicUrl, mcpHosts }: Names): void {
  const { hostname } = new URL(`http://${host}`)
  const named = mcpHosts.map(name => name.toLowerCase())
  const known = publicUrl === null ? named : [new URL(publicUrl).hostname, ...named]
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return
  if (!hostname.includes('.') || hostname.endsWith('.localhost') || known.includes(hostname)) return
  throw new Fault('mcp.wrong_host', {
    message: `MCP is not served under the name ${hostname}. The operator can allow it with PUBLIC_URL or MCP_HOSTS.`,
  })
}

function refuseOtherPages({ headers, host }: FastifyRequest, friends: readonly string[]): void {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined) {
    if (site === undefined || site === 'same-origin' || site === 'none') return
  } else if (URL.canParse(origin) && (new URL(origin).host === host || friends.includes(origin))) return
  throw new Fault('request.wrong_origin')
}
