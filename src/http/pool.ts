import type { Dispatcher } from 'undici'
import { Fault } from '#errors.ts'
import type { Guard } from './guard.ts'

/** Connections that are kept for the next call. */
export type Pool = {
  /** Whoever carries a call: directly, or through a proxy. */
  carrier(proxy: string | undefined): Promise<Dispatcher>
  close(): Promise<void>
}

/** More calls to one origin at a time wait for each other; the time limit of each goes on. */
const CONNECTIONS = 256

/** An idle connection is closed after this, before most servers would; what a server asks for is obeyed up to the second. */
const IDLE = 4_000
const IDLE_AT_MOST = 60_000

/** Proxies that are kept; the one that was used longest ago goes. */
const PROXIES = 20

const PATIENCE = 300

/** Keeps connections per origin. undici is loaded by the first call. */
export function makePool(guard: Guard, connectTimeout: number): Pool {
  let direct: Dispatcher | null = null
  const proxies = new Map<string, Dispatcher>()
  const connect = { lookup: guard.lookup, timeout: connectTimeout }
  const options = {
    connections: CONNECTIONS,
    keepAliveTimeout: IDLE,
    keepAliveMaxTimeout: IDLE_AT_MOST,
    allowH2: false,
    // The time of the whole call is kept by whoever makes it.
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  async function through(text: string): Promise<Dispatcher> {
    const url = readProxy(text)
    // Asked here too: a connection that stands is not looked up again.
    guard.check(url.hostname)
    const kept = proxies.get(text)
    if (kept) proxies.delete(text)
    const { ProxyAgent } = await import('undici')
    const token = signIn(url)
    const made =
      kept ??
      new ProxyAgent({ ...options, uri: url.origin, proxyTls: connect, requestTls: { timeout: connectTimeout }, ...token })
    proxies.set(text, made)
    const [oldest] = proxies.keys()
    if (proxies.size > PROXIES && oldest !== undefined) {
      // It finishes what it has begun.
      void proxies.get(oldest)?.close()
      proxies.delete(oldest)
    }
    return made
  }
  return {
    async carrier(proxy) {
      if (proxy !== undefined) return through(proxy)
      if (direct) return direct
      const { Agent } = await import('undici')
      direct ??= new Agent({ ...options, connect })
      return direct
    },
    async close() {
      const all = [...proxies.values(), ...(direct ? [direct] : [])]
      proxies.clear()
      direct = null
      // What is only being connected ends by its own time limit, and nobody waits for that.
      const patience = Promise.withResolvers<void>()
      const timer = setTimeout(patience.resolve, PATIENCE)
      await Promise.race([Promise.all(all.map(one => one.destroy())), patience.promise])
      clearTimeout(timer)
    },
  }
}

/** Of an HTTP proxy the address may hold a user name and a password: there is no other place for them. */
function readProxy(text: string): URL {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Fault('outbound.bad_url', {
      message: 'The address of the proxy must begin with http:// or https:// and name a host.',
    })
  return url
}

function signIn({ username, password }: URL): { token?: string } {
  if (username === '' && password === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { token: `Basic ${Buffer.from(pair).toString('base64')}` }
}
