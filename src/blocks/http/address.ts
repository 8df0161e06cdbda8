/** A name and a value in an address or a form. */
export type Pair = [name: string, value: string]

/** A list gives one pair for each entry; null gives none. */
export const pairsOf = (given: Readonly<Record<string, unknown>>): Pair[] =>
  Object.entries(given).flatMap(([name, value]) =>
    [value].flat().flatMap((one): Pair[] => (one === null ? [] : [[name, String(one)]])),
  )

/** As forms and addresses spell them. */
export const encoded = (pairs: readonly Pair[]): string =>
  pairs.map(pair => pair.map(part => encodeURIComponent(part.toWellFormed())).join('=')).join('&')

/** Adds parameters; those of `instead` take the place of what has their name. What cannot be read is left for the call to refuse. */
export function withQuery(address: string, pairs: readonly Pair[], instead: readonly Pair[] = []): string {
  const url = URL.parse(address)
  if (url === null || pairs.length + instead.length === 0) return address
  for (const [name] of instead) if (url.searchParams.has(name)) url.searchParams.delete(name)
  const kept = url.search.slice(1)
  const added = encoded([...pairs.filter(([name]) => !instead.some(([other]) => other === name)), ...instead])
  url.search = [kept, added].filter(Boolean).join('&')
  return url.href
}

/** Whom we speak with, for messages. */
export const hostOf = (address: string): string => URL.parse(address)?.host || 'The service'
