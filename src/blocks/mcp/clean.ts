/** What a server says of itself is data of strangers: one that is longer than this is cut. */
const LONGEST = 2_000

/** Nothing of it may steer a terminal, a log or the direction of writing; new lines and tabs may stay. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu

/** The words of a stranger: without what cannot be seen, and no longer than somebody would read. */
export function clean(text: unknown, longest = LONGEST): string {
  if (typeof text !== 'string') return ''
  // What is far too long need not be looked at to its end.
  const kept = text.slice(0, 2 * longest).replace(HIDDEN, sign => (sign === '\n' || sign === '\t' ? sign : ''))
  return kept.length > longest ? `${kept.slice(0, longest).toWellFormed()}…` : kept
}

/** The same in one line. */
export const line = (text: unknown, longest = 500): string => clean(text, longest).replace(/\s+/g, ' ').trim()
