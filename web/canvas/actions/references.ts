/** A text with what stands in strings, in braces and between them told apart. */
const PIECE = /\{%-?\s*raw\s*-?%\}[\s\S]*?\{%-?\s*endraw\s*-?%\}|\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g
/** Strings, names with what stands before and behind them, and the rest, one character at a time. Two dots are a range. */
const TOKEN = /"[^"]*"|'[^']*'|((?<!\.)\.\s*|\|\s*)?([A-Za-z_][\w-]*)(\s*:)?|[\s\S]/g
/** What opens a piece: of a tag with the word that says what it does, which is no name. */
const HEAD = /^(?:\{\{-?|\{%-?\s*\w*)/
const TAIL = /-?(?:\}\}|%\})$/

/** What a key is called now. */
type Keys = { get(name: string): string | undefined }

/** Parameters in which templates name nodes by their new keys; the same value where there is nothing to change. */
export function followed(value: unknown, keys: Keys): unknown {
  if (typeof value === 'string') return followedText(value, keys)
  if (Array.isArray(value)) {
    const next = value.map(one => followed(one, keys))
    return next.every((one, at) => one === value[at]) ? value : next
  }
  if (typeof value === 'object' && value !== null) {
    const next = Object.entries(value).map(([name, one]) => [name, one, followed(one, keys)] as const)
    return next.every(([, one, two]) => one === two) ? value : Object.fromEntries(next.map(([name, , two]) => [name, two]))
  }
  return value
}

/** The names that templates read. */
export function namesIn(value: unknown): Set<string> {
  const found = new Set<string>()
  const listen = { get: (name: string) => void found.add(name) }
  followed(value, listen)
  return found
}

function followedText(text: string, keys: Keys): string {
  if (!text.includes('{{') && !text.includes('{%')) return text
  return text.replace(PIECE, piece => {
    if (/^\{%-?\s*raw\b/.test(piece)) return piece
    const head = HEAD.exec(piece)?.[0] ?? ''
    const tail = TAIL.exec(piece)?.[0] ?? ''
    const loops = /\b(for|tablerow)$/.test(head)
    const inner = piece.slice(head.length, piece.length - tail.length)
    const next = inner.replace(TOKEN, (token: string, before?: string, name?: string, colon?: string, at = 0) => {
      // A property, a filter, the name of an argument, or the word between a loop and its list.
      if (name === undefined || before !== undefined || colon !== undefined) return token
      if (loops && name === 'in' && !/^[.[]/.test(inner.slice(at + token.length))) return token
      return keys.get(name) ?? token
    })
    return head + next + tail
  })
}
