/** What must stand in a translation as it stood in the text: places to be filled, tags, addresses. */
const HOLES =
  /\{\{[^{}\n]{0,200}\}\}|\{%[^%\n]{0,200}%\}|\$\{[^{}\n]{0,200}\}|\{[\w.-]{0,80}\}|%\(\w{1,80}\)[sdif]|%(?:\d\$)?[sdif](?![\p{L}\d])|<\/?[a-z][\w-]{0,60}|https?:\/\/[^\s<>"')\]]{1,500}/giu

/** The holes of a text that a translation has lost. */
export function lostIn(text: string, translation: string): string[] {
  const left = counted(translation)
  const lost: string[] = []
  for (const [hole, times] of counted(text)) for (let at = left.get(hole) ?? 0; at < times; at += 1) lost.push(hole)
  return lost
}

function counted(text: string): Map<string, number> {
  const found = new Map<string, number>()
  // An address ends before the point of its sentence.
  for (const [whole] of text.matchAll(HOLES)) {
    const hole = whole.replace(/[.,;:!?]+$/, '')
    found.set(hole, (found.get(hole) ?? 0) + 1)
  }
  return found
}
