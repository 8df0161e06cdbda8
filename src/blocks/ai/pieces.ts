/** About how many tokens a text has: letters of the Latin alphabet are four to a token, of most others two, signs of Chinese or Japanese one. */
export const tokensIn = (text: string): number => Math.ceil(quartersIn(text) / 4)

function quartersIn(text: string): number {
  let quarters = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    quarters += code < 0x80 ? 1 : code < 0x2e80 ? 2 : 4
  }
  return quarters
}

/** Ways to cut a text, from the one that harms least; nothing is lost in between. */
const CUTS: readonly ((text: string, most: number) => string[])[] = [
  paragraphs,
  text => text.split(/(?<=\n)/),
  text => [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text)].map(one => one.segment),
  text => text.split(/(?<=\s)/),
  letters,
]

/** Cuts a text into pieces of at most so many tokens: between paragraphs, else lines, else sentences, else words. Joined, they are the text. */
export function piecesOf(text: string, most: number): string[] {
  return packed(cut(text, most, 0), most)
}

function cut(text: string, most: number, level: number): string[] {
  if (tokensIn(text) <= most) return [text]
  const way = CUTS[level]
  return way ? way(text, most).flatMap(part => cut(part, most, level + 1)) : [text]
}

/** As much as fits into each piece. */
function packed(parts: readonly string[], most: number): string[] {
  const pieces: string[] = []
  let [piece, size] = ['', 0]
  for (const part of parts) {
    const more = tokensIn(part)
    if (piece !== '' && size + more > most) {
      pieces.push(piece)
      ;[piece, size] = ['', 0]
    }
    piece += part
    size += more
  }
  return piece === '' ? pieces : [...pieces, piece]
}

/** A paragraph ends with the empty lines behind it. */
function paragraphs(text: string): string[] {
  const found: string[] = []
  let from = 0
  let empty = false
  let at = 0
  for (const line of text.split(/(?<=\n)/)) {
    const blank = line.trim() === ''
    if (empty && !blank) {
      found.push(text.slice(from, at))
      from = at
    }
    empty = blank
    at += line.length
  }
  return [...found, text.slice(from)]
}

/** What has no end of a word anywhere, never in the middle of a letter. */
function letters(text: string, most: number): string[] {
  const found: string[] = []
  let [part, size] = ['', 0]
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    const more = quartersIn(segment)
    if (part !== '' && size + more > 4 * most) {
      found.push(part)
      ;[part, size] = ['', 0]
    }
    part += segment
    size += more
  }
  return [...found, part]
}
