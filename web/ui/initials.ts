/** One or two letters to stand for a name, whole emoji and accents kept; `?` for a name without any. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words
  const letters = picked.map(word => first(word ?? '')).join('')
  return letters.toLocaleUpperCase() || '?'
}

function first(word: string): string {
  const [segment] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word)
  return segment?.segment ?? ''
}

/** A small number that is always the same for the same text. */
export function hueOf(text: string, count: number): number {
  let sum = 0
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973
  return sum % count
}
