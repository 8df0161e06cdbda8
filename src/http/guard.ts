import { lookup as systemLookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Fault, messageOf } from '#errors.ts'

/** An address and its family, as the name servers say it. */
export type Address = { address: string; family: number }

/** Asks what addresses a name has. */
export type Lookup = (host: string) => Promise<readonly Address[]>

/** Decides what may be reached from here. */
export type Guard = {
  /** Refuses a host that is written as an address and may not be reached. */
  check(host: string): void
  /** The addresses of a host that may be reached; fails where there are none. */
  resolve(host: string): Promise<Address[]>
  /** The same for `net.connect`, so that the connection goes to exactly what was checked. */
  readonly lookup: LookupFunction
}

type Ip = ipaddr.IPv4 | ipaddr.IPv6
type Allowed = { hosts: ReadonlySet<string>; ranges: readonly [Ip, number][] }

/** Public addresses that are not: services of a cloud that answer only the machines inside of it. */
const INSIDE = ['168.63.129.16']

/** All that is routed on the Internet today; what lies outside reaches translators and neighbours. */
const GLOBAL: [Ip, number] = ipaddr.parseCIDR('2000::/3')

/** The translator from IPv6 to IPv4 whose prefix everybody has: it reaches what the last 32 bits say. */
const TRANSLATED: [Ip, number] = ipaddr.parseCIDR('64:ff9b::/96')

const WORDS: Record<string, string> = {
  private: 'a private network',
  uniqueLocal: 'a private network',
  carrierGradeNat: 'a private network',
  loopback: 'this machine itself',
  unspecified: 'this machine itself',
  linkLocal: 'the neighbourhood of this machine',
}

/** Makes the guard: only public addresses, and those that `allow` names as hosts, addresses or ranges. */
export function makeGuard({ allow, lookup = lookUp }: { allow: readonly string[]; lookup?: Lookup | undefined }): Guard {
  const allowed = readAllow(allow)
  function check(host: string): void {
    const bare = bareHost(host)
    if (!ipaddr.isValid(bare) || allowed.hosts.has(bare)) return
    const reason = refusal(bare, allowed)
    if (reason !== null) throw blocked(bare, bare, reason)
  }
  async function resolve(host: string): Promise<Address[]> {
    const bare = bareHost(host)
    check(bare)
    if (isIP(bare)) return [{ address: bare, family: isIP(bare) }]
    const found = await lookup(bare).catch(error => {
      throw unknown(bare, error)
    })
    if (found.length === 0) throw unknown(bare, null)
    if (allowed.hosts.has(bare)) return [...found]
    // A name may have several: `localhost` where only 127.0.0.0/8 is allowed also has ::1. What is refused is not connected to.
    const good = found.filter(({ address }) => refusal(address, allowed) === null)
    const [first] = found
    if (good.length === 0 && first) throw blocked(bare, first.address, refusal(first.address, allowed) ?? '')
    return good
  }
  return {
    check,
    resolve,
    lookup(host, { all, family }, done) {
      resolve(host).then(
        found => {
          const wanted = found.filter(one => !family || family === one.family || family === `IPv${one.family}`)
          const [first] = wanted
          if (!first) done(unknown(host, null), '')
          else if (all) done(null, wanted)
          else done(null, first.address, first.family)
        },
        error => done(error, ''),
      )
    },
  }
}

const lookUp: Lookup = host => systemLookup(host, { all: true })

/** Without brackets, zone and the dot of the root, in lower case. */
const bareHost = (host: string) =>
  host
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/s, '')
    .replace(/\.$/, '')
    .toLowerCase()

/** Why an address may not be reached, in words; null where it may. */
function refusal(text: string, allowed: Allowed): string | null {
  const plain = text.replace(/%.*$/s, '')
  if (!ipaddr.isValid(plain)) return 'not an address'
  // An IPv4 address in the clothes of IPv6 is judged as what it is.
  const ip = ipaddr.process(plain)
  if (allowed.hosts.has(ip.toString()) || allowed.ranges.some(range => isIn(ip, range))) return null
  if (ip instanceof ipaddr.IPv6 && isIn(ip, TRANSLATED))
    return refusal(ipaddr.fromByteArray(ip.toByteArray().slice(12)).toString(), allowed)
  const range = ip.range()
  if (range !== 'unicast') return WORDS[range] ?? 'a range for special purposes'
  if (INSIDE.includes(ip.toString())) return 'a service inside of a cloud'
  return ip instanceof ipaddr.IPv4 || isIn(ip, GLOBAL) ? null : 'a range for special purposes'
}

const isIn = (ip: Ip, [network, bits]: [Ip, number]) => ip.kind() === network.kind() && ip.match(network, bits)

function readAllow(allow: readonly string[]): Allowed {
  const hosts = new Set<string>()
  const ranges: [Ip, number][] = []
  for (const entry of allow) {
    if (ipaddr.isValidCIDR(entry)) ranges.push(ipaddr.parseCIDR(entry))
    else if (isIP(bareHost(entry))) hosts.add(ipaddr.process(bareHost(entry)).toString())
    else hosts.add(bareHost(entry))
  }
  return { hosts, ranges }
}

const blocked = (host: string, address: string, reason: string) =>
  new Fault('outbound.blocked', {
    message: `${host === address ? host : `${host} has the address ${address}, which`} is not public (${reason}) and may not be reached from workflows. The operator can allow it with OUTBOUND_ALLOW.`,
  })

/** A name server that has no time is another thing than a name that nobody has. */
function unknown(host: string, cause: unknown): Fault {
  const busy = messageOf(cause).includes('EAI_AGAIN')
  return new Fault(busy ? 'outbound.unreachable' : 'outbound.unknown_host', {
    message: busy
      ? `The name ${host} could not be looked up: the name server of this machine did not answer.`
      : `No host is called ${host}. Check the spelling of the address.`,
    ...(cause === null ? {} : { cause }),
  })
}
