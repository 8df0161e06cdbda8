import { isObject } from '#sdk/given.ts'

/** A node as far as one sees it while a model still writes. */
export type Sketch = { key: string; block: string; name: string; inside: string | null }

/** A node that is longer is read when all of it is there. */
const LONGEST = 40_000

/** Reads along while an answer is written, and tells of each node as soon as it is whole. */
export function watching(tell: (node: Sketch) => void): (piece: string) => void {
  let text = ''
  let at = -1
  let begin = -1
  let depth = 0
  let quoted = false
  let over = false
  return piece => {
    if (over) return
    text += piece
    if (at < 0) {
      const list = /"nodes"\s*:\s*\[/.exec(text)
      if (list) at = list.index + list[0].length
      // Where the list begins may come in two pieces.
      else text = text.slice(-40)
      if (at < 0) return
    }
    // What was read is let go of: an answer may be long.
    const done = depth === 0 ? at : begin
    text = text.slice(done)
    if (text.length > LONGEST) over = true
    at -= done
    begin = 0
    for (; at < text.length && !over; at += 1) {
      const sign = text.charAt(at)
      if (quoted) {
        // What a backslash stands before may come with the next piece.
        if (sign === '\\' && at + 1 >= text.length) return
        if (sign === '\\') at += 1
        else if (sign === '"') quoted = false
      } else if (sign === '"') quoted = true
      else if (sign === '{') {
        if (depth === 0) begin = at
        depth += 1
      } else if (sign === '}') {
        depth -= 1
        if (depth === 0) seen(text.slice(begin, at + 1))
      } else if (sign === ']' && depth === 0) over = true
    }
  }

  function seen(json: string): void {
    const node = read(json)
    if (!isObject(node) || typeof node.key !== 'string' || typeof node.block !== 'string') return
    const { key, block, name, inside } = node
    tell({
      key: key.slice(0, 64),
      block: block.slice(0, 100),
      name: typeof name === 'string' ? name.slice(0, 200) : '',
      inside: typeof inside === 'string' ? inside.slice(0, 100) : null,
    })
  }
}

function read(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
