import ipaddr from 'ipaddr.js'

type Ip = ipaddr.IPv4 | ipaddr.IPv6

/** Ranges of addresses. */
export type Networks = readonly (readonly [Ip, number])[]

/** IPv4 in the clothes of IPv6 has its own bits behind these. */
const MAPPED = 96

/** The ranges that these texts name. What names none is left out, so that it lets nobody in. */
export const networksOf = (texts: readonly string[]): Networks => texts.flatMap(text => networkOf(text) ?? [])

function networkOf(text: string): [readonly [Ip, number]] | null {
  if (ipaddr.isValidCIDR(text)) {
    const [network, bits] = ipaddr.parseCIDR(text)
    if (!(network instanceof ipaddr.IPv6) || !network.isIPv4MappedAddress() || bits < MAPPED) return [[network, bits]]
    return [[network.toIPv4Address(), bits - MAPPED]]
  }
  // `isValid` takes 10.1 for 10.0.0.1; an address of four parts is meant, or one of IPv6.
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return null
  const address = ipaddr.process(text)
  return [[address, address.toByteArray().length * 8]]
}

/** Does an address stand in one of the ranges? IPv4 in the clothes of IPv6 is judged as what it is. */
export function isWithin(networks: Networks, address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const ip = ipaddr.process(address)
  return networks.some(([network, bits]) => ip.kind() === network.kind() && ip.match(network, bits))
}
