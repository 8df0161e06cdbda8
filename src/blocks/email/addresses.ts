import { Refused } from '#sdk/fail.ts'

const NAMED = /^("(?:[^"\\]|\\.)*"|[^"<>,;]*?)\s*<([^<>\s]+)>$/
const BARE = /^[^\s<>"(),:;@\\[\]]+@[^\s<>"(),:;@\\[\]]+$/
const LONGEST = 320

/** Addresses as people write them: one, several with commas between them, or a list. Each is checked, none stands there twice. */
export function addressesOf(field: string, given: string | readonly string[] | undefined): string[] {
  const found = new Map<string, string>()
  for (const one of [given ?? []].flat().flatMap(split)) {
    const key = checked(field, one).toLowerCase()
    if (!found.has(key)) found.set(key, one)
  }
  return [...found.values()]
}

/** Commas, semicolons and new lines part them, but not inside of a quoted name. */
const split = (text: string): string[] =>
  (text.match(/(?:"(?:[^"\\]|\\.)*"|[^,;\n])+/g) ?? []).map(part => part.trim()).filter(part => part !== '')

/** The bare address. */
function checked(field: string, text: string): string {
  const [, name = '', inner = text] = NAMED.exec(text) ?? []
  if (BARE.test(inner) && inner.length <= LONGEST && !/\p{Cc}/u.test(name)) return inner
  throw new Refused(
    'email.bad_address',
    `${JSON.stringify(text.slice(0, 100))} in \`${field}\` is no e-mail address. Write ann@example.org or Ann <ann@example.org>.`,
    { field },
  )
}
