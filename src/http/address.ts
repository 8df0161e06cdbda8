import { isIP, isIPv4, isIPv6 } from 'node:net'

/** An address as it is written down: without port, brackets or scope, IPv4 as IPv4. What is no address is `unknown`. */
export function plainAddress(text: string | undefined): string {
  if (text === undefined) return 'unknown'
  if (isIPv4(text)) return text
  const [, inner = ''] = /^\[([^\]]+)\](?::\d+)?$/.exec(text) ?? /^([\d.]+):\d+$/.exec(text) ?? [text, text]
  const bare = inner.replace(/%.*$/s, '')
  const [, mapped = ''] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare) ?? []
  if (isIPv4(mapped)) return mapped
  return isIP(bare) ? bare.toLowerCase() : 'unknown'
}

/**
 * Whom an address stands for when requests are counted. Of IPv6 every customer is given at least a /64 and chooses freely in it,
 * so its first half is the person.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const first = [...before, ...zeros, ...after].slice(0, 4)
  return `${first.map(group => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}

/** An IPv4 address at the end stands for two groups. */
const groups = (text: string) =>
  text === '' ? [] : text.split(':').flatMap(group => (group.includes('.') ? ['x', 'x'] : [group]))
