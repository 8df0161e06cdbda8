/** Frames on a pipe: one byte says what, four how long, then text. */
export function frame(kind: number, text: string): Buffer {
  const out = Buffer.allocUnsafe(5 + Buffer.byteLength(text))
  out[0] = kind
  out.writeUInt32LE(out.length - 5, 1)
  out.write(text, 5)
  return out
}

/** Puts together what comes in pieces, and gives each frame once it is whole. A frame of more than `most` bytes is an error. */
export function unframe(most: number, give: (kind: number, text: string) => void): (chunk: Buffer) => void {
  let pieces: Buffer[] = []
  let held = 0
  let wanted = 5
  return chunk => {
    pieces.push(chunk)
    held += chunk.length
    while (held >= wanted) {
      const all = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
      pieces = [all]
      const size = all.readUInt32LE(1)
      if (size > most) throw new RangeError(`a frame of ${size} bytes`)
      wanted = 5 + size
      if (held < wanted) return
      const text = all.toString('utf8', 5, wanted)
      pieces = [all.subarray(wanted)]
      held -= wanted
      wanted = 5
      give(all[0] ?? 0, text)
    }
  }
}
