import { Refused } from '#sdk/fail.ts'

/** They decide where a message ends or whom it is for. */
const OURS =
  /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer|proxy-(authorization|connection))$/i

/** A header that can be sent; `field` is where it was filled in. */
export function headerOf(field: string, name: string, value: unknown): [name: string, value: string] {
  const shown = JSON.stringify(name.slice(0, 60))
  const refuse = (why: string) =>
    new Refused('http.bad_header', `The header ${shown} in \`${field}\` ${why}.`, { field, header: name })
  const text = String(value)
  if (!/^[\w!#$%&'*+.^`|~-]{1,200}$/.test(name)) throw refuse('has a name that no header can have')
  if (OURS.test(name)) throw refuse('is set by PromptPilot and cannot be chosen; remove it')
  if (/[\r\n]/.test(text)) throw refuse('has a line break in its value; a header is one line')
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) throw refuse('has a character in its value that no header can carry')
  return [name.toLowerCase(), text]
}

/** Those that were filled in, without what is empty. */
export const headersOf = (given: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => headerOf('headers', name, value)),
  )
