/** A text with some escapes undone; `at` says where in the original its characters come from. */
export type Reading = { text: string; at: (index: number) => number }

type Escape = { sign: RegExp; escapes: RegExp; meaning: (escaped: string) => string }

const NAMED: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

const json: Escape = {
  sign: /\\/,
  escapes: /\\(?:u[\da-fA-F]{4}|["'`\\/bfnrt])/g,
  meaning: ([, letter = '', ...hex]) =>
    letter === 'u' ? String.fromCharCode(Number.parseInt(hex.join(''), 16)) : (NAMED[letter] ?? letter),
}

/** One UTF-8 sequence at a time, so that a find can begin and end at any character. */
const SEQUENCE = /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}/gi

const url: Escape = { sign: /%/, escapes: SEQUENCE, meaning: unescapeUrl }

const form: Escape = {
  sign: /\+/,
  escapes: new RegExp(`\\+|${SEQUENCE.source}`, 'gi'),
  meaning: escaped => (escaped === '+' ? ' ' : unescapeUrl(escaped)),
}

const lines: Escape = { sign: /\r\n/, escapes: /\r\n/g, meaning: () => '\n' }

/** Escapes within escapes, such as a JSON text in a query or in another JSON text, are undone this often. */
const DEPTH = 3

/** The text as it is and with its escapes undone in every order; line ends are always `\n`. */
export function readings(text: string): Reading[] {
  const plain: Reading = { text, at: index => index }
  const all = [plain]
  const seen = new Set([text])
  for (let depth = 0, from = 0; depth < DEPTH; depth += 1) {
    const upTo = all.length
    for (const reading of all.slice(from, upTo)) {
      for (const way of [json, url, form]) {
        const undone = undo(reading, way)
        if (undone && !seen.has(undone.text)) all.push(undone)
        if (undone) seen.add(undone.text)
      }
    }
    from = upTo
  }
  return all.map(reading => undo(reading, lines) ?? reading)
}

function undo(reading: Reading, { sign, escapes, meaning }: Escape): Reading | null {
  if (!sign.test(reading.text)) return null
  const starts = new Int32Array(reading.text.length + 1)
  let text = ''
  let done = 0
  const copy = (to: number) => {
    for (let at = done; at < to; at += 1) starts[text.length + at - done] = at
    text += reading.text.slice(done, to)
    done = to
  }
  for (const found of reading.text.matchAll(escapes)) {
    copy(found.index)
    const plain = meaning(found[0])
    starts.fill(found.index, text.length, text.length + plain.length)
    text += plain
    done += found[0].length
  }
  copy(reading.text.length)
  starts[text.length] = reading.text.length
  return { text, at: index => reading.at(starts[index] ?? 0) }
}

function unescapeUrl(escaped: string): string {
  return Buffer.from(escaped.replaceAll('%', ''), 'hex').toString()
}
