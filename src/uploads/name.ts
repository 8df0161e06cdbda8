/** Control characters, halves of characters, line breaks, and what turns the direction of writing: `gpj.exe` must not read `exe.jpg`. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

/** What file systems can hold, more or less. */
const LONGEST = 255
const LONGEST_ENDING = 16

/** A name that can stand in a list, a header and a folder: no path, nothing unseen, not too long. */
export function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const seen = last.replace(UNSEEN, '').trim()
  return /^\.*$/.test(seen) ? 'file' : shortened(seen)
}

/** The name that a form gives a file: browsers and curl write these three so, and nothing else (HTML, multipart/form-data). */
export const formName = (name: string): string =>
  safeName(name.replaceAll('%22', '"').replaceAll('%0D', '').replaceAll('%0A', ''))

/** `attachment` or `inline` with the name: as it is for today's browsers (RFC 8187), and in ASCII for all others. */
export function disposition(how: 'attachment' | 'inline', name: string): string {
  const safe = safeName(name)
  const plain = safe.replace(/[^\x20-\x7e]|["\\%]/gu, '_')
  const full = encodeURIComponent(safe).replace(/['()*]/g, letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${how}; filename="${plain}"; filename*=UTF-8''${full}`
}

function shortened(name: string): string {
  const letters = [...name]
  if (letters.length <= LONGEST) return name
  const ending = [...(/\.[^.]+$/u.exec(name)?.[0] ?? '')]
  const kept = ending.length <= LONGEST_ENDING ? ending : []
  return [...letters.slice(0, LONGEST - kept.length), ...kept].join('')
}
