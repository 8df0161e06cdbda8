import { Fault } from '#errors.ts'

/** An address and what its owner is called. */
export type Mailbox = { name: string; address: string }

const NAMED = /^("(?:[^"\\]|\\.)*"|[^"<>,;]*?)\s*<([^<>\s]+)>$/
const BARE = /^[^\s<>"(),:;@\\[\]]+@[^\s<>"(),:;@\\[\]]+$/

/** The longest that a server has to take. */
const LONGEST = 320

/** Reads one address, and never two: what looks like more is refused. */
export function readMailbox(text: string): Mailbox {
  const trimmed = text.trim()
  const [, quoted = '', inner = trimmed] = NAMED.exec(trimmed) ?? []
  const name = quoted.startsWith('"') ? quoted.slice(1, -1).replace(/\\(.)/g, '$1') : quoted
  if (!BARE.test(inner) || inner.length > LONGEST || hasControl(name))
    throw new Fault('mail.refused', { message: `${JSON.stringify(trimmed.slice(0, 100))} is not an e-mail address.` })
  return { name, address: inner }
}

/** Reads several that stand in one text, with commas between them. */
export const readMailboxes = (text: string): Mailbox[] => (text.match(/(?:"(?:[^"\\]|\\.)*"|[^,])+/g) ?? ['']).map(readMailbox)

/** Is there a line break in it, or something else that could begin another header? */
export const hasControl = (text: string): boolean => /\p{Cc}/u.test(text)
