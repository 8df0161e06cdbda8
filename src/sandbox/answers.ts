import type { Run, Settings } from './engine.ts'

// The text of these functions runs in the child, where they see each other and nothing else of their files; `guest.ts` puts it together.

declare const now: () => number

/** Answers what QuickJS does not know itself. What it throws becomes an error of the code. */
export function answers(node: typeof import('node:crypto'), settings: Settings) {
  function address(text: string): string {
    const [of, base, name, value] = JSON.parse(text)
    if (!URL.canParse(of, base ?? undefined)) throw new TypeError(`${JSON.stringify(of)} is not a complete address`)
    const url = new URL(of, base ?? undefined)
    if (name !== undefined) Reflect.set(url, name, value)
    const { href, protocol, username, password, host, hostname, port, pathname, search, hash, origin } = url
    return JSON.stringify({ href, protocol, username, password, host, hostname, port, pathname, search, hash, origin })
  }
  function locale(text: string): string {
    const [what, given, locales, options] = JSON.parse(text)
    const value = given === '' ? now() : Number(given)
    const [kind, way] = what.split('.')
    if (kind === 'Date')
      return Reflect.apply(Reflect.get(Date.prototype, way), new Date(value), [locales ?? undefined, options ?? undefined])
    if (kind === 'Number') return value.toLocaleString(locales ?? undefined, options ?? undefined)
    const made: Intl.DateTimeFormat = Reflect.construct(Reflect.get(Intl, kind), [locales ?? undefined, options ?? undefined])
    if (way === 'format') return made.format(value)
    return JSON.stringify(way === 'parts' ? made.formatToParts(value) : made.resolvedOptions())
  }
  function chance(run: Run): string {
    run.drawn += 1
    const hex = node.createHash('sha256').update(`${run.secret} ${run.drawn}`).digest('hex')
    const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }
  return (run: Run, what: string, text: string): string => {
    if (what === 'part') return settings.parts[text] ?? 'undefined'
    if (what === 'address') return address(text)
    return what === 'locale' ? locale(text) : chance(run)
  }
}
