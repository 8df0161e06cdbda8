import type { Ask, Message, Part } from '#sdk/model.ts'
import { clip, plain } from './words.ts'

/** What everything that is written in free words begins with. */
export const LABEL = '[demo, not an AI]'

/** A request taken apart: what is to be done, and with which text. */
export type Request = {
  system: string
  /** The words that say what is wanted. */
  order: string
  /** The text it is wanted of; empty where the order is all there is. */
  material: string
  /** Everything of the last message of the person. */
  whole: string
  /** What was said before it, oldest first, without labels. */
  before: readonly { who: 'user' | 'assistant'; text: string }[]
  files: readonly Extract<Part, { is: 'file' }>[]
}

/** More of a file is not read. */
const LONGEST_FILE = 128_000

/** Where the material begins by its own name. */
const NAMED =
  /^[ \t]{0,9}(?:#{1,4} )?(?:\*\*)?(?:the |der |die |das )?(?:text|e-?mail|mail|message|nachricht|context|kontext|document|dokument|input|eingabe|content|inhalt|article|artikel|ticket|review|bewertung|transcript|data|daten|json|code|notes|notizen|source|anfrage|request|customer message)(?:\*\*)?[ \t]{0,3}:(?:\*\*)?[ \t]{0,9}/im
/** What may stand around it: how that begins, and how it ends. */
const FENCES: readonly [RegExp, (opening: RegExpExecArray) => string][] = [
  [/```[\w-]{0,20}\r?\n?/, () => '```'],
  [/"{3}/, () => '"'.repeat(3)],
  [/<(text|document|context|email|mail|input|data|content)>/i, ([, name]) => `</${name}>`],
  [/^---+\r?\n/m, () => '\n---'],
]
/** A sentence that asks for something begins so. */
export const ORDERS =
  /(?:^|[.!?:\n]\s{0,5}|\b(?:please|bitte|you|to|and|und|then|dann|should|must|shall|can you|could you|kannst du|konnen sie)\s{1,5})(?:now |jetzt )?(?:summari[sz]e|sum up|shorten|translate|rewrite|rephrase|paraphrase|improve|correct|proofread|fix|simplify|list|extract|classify|categori[sz]e|label|route|answer|reply|respond|explain|describe|analy[sz]e|write|draft|compose|create|generate|give|suggest|brainstorm|make|tell|find|name|fasse?|kurze?|ubersetze?n?|schreibe?n?|formuliere?n?|verbessere?n?|korrigiere?n?|liste?|nenne?n?|extrahiere?n?|klassifiziere?n?|ordne|kategorisiere?n?|beantworte?n?|antworte?n?|erklare?n?|beschreibe?n?|erstelle?n?|erzeuge|entwirf|verfasse?n?|zusammenfass\w*|gib|schlage?|finde)\b/

/** The head of a mail is a part of it. */
const HEADER = /^(?:from|von|subject|betreff|to|an)[ \t]{0,3}:/im

/** What follows is no text but what may be chosen. */
const CHOICE = /(?:one of|between|following|categor\w+|labels?|class\w*|options|kategori\w+|klassen|von|folgenden)\b[^:.]{0,30}$/i

const isOrder = (text: string) => ORDERS.test(plain(text))

/** Takes what is asked apart. */
export function requestOf({ system = '', messages }: Ask): Request {
  const at = messages.findLastIndex(message => message.role === 'user')
  const last = messages[at]
  const files = last?.parts.filter(part => part.is === 'file') ?? []
  const read = files
    .filter(isReadable)
    .map(({ bytes }) => clip(new TextDecoder().decode(bytes.subarray(0, LONGEST_FILE)), LONGEST_FILE))
  // What a demo wrote may be given to it again; the label is no part of that.
  const whole = textOf(last).replaceAll(`${LABEL} `, '')
  const before = messages.slice(0, Math.max(0, at)).flatMap(message => {
    const text = textOf(message)
    return message.role === 'tool' || text === '' ? [] : [{ who: message.role, text: text.replace(LABEL, '').trim() }]
  })
  const { order, material } = apart(whole, system, read)
  return { system, order, material: [material, ...read].filter(text => text !== '').join('\n\n'), whole, before, files }
}

/** The text of a message. */
export const textOf = (message: Message | undefined): string =>
  message?.parts.flatMap(part => (part.is === 'text' ? [part.text] : [])).join('\n') ?? ''

/** Can a file be read as text? */
export const isReadable = ({ type }: { type: string }): boolean =>
  /^text\/|[/+](?:json|xml|csv|yaml|x-yaml|toml|javascript|sql|x-ndjson)\b/.test(type)

function apart(text: string, system: string, files: readonly string[]): { order: string; material: string } {
  const fenced = FENCES.map(([begin, end]) => between(text, begin, end)).find(one => one !== null)
  if (fenced) return fenced
  const named = NAMED.exec(text)
  const after = named ? text.slice(named.index + named[0].length).trim() : ''
  const ahead = named ? text.slice(0, named.index).trim() : ''
  const whole = withQuestion(ahead, after)
  const meant = isOrder(ahead) || whole.order !== ahead || (isOrder(system) && ahead.length < 200 && !HEADER.test(ahead))
  if (named && whole.material !== '' && meant) return whole
  const colon = /^([^\n:]{3,300}):\s+(\S[\s\S]*)$/.exec(text)
  if (colon && isOrder(colon[1] ?? '') && !CHOICE.test(colon[1] ?? '')) return { order: colon[1] ?? '', material: colon[2] ?? '' }
  const parts = text
    .split(/\n\s*\n/)
    .map(part => part.trim())
    .filter(part => part !== '')
  const [first = '', ...rest] = parts
  if (rest.length > 0 && first.length < 600 && isOrder(first)) return withQuestion(first, rest.join('\n\n'))
  const last = rest.at(-1) ?? ''
  if (last.length < 300 && isOrder(last) && !isOrder(first)) return { order: last, material: parts.slice(0, -1).join('\n\n') }
  // What a system asks for is asked of whatever the person says.
  if (isOrder(system) && (!isOrder(text) || text.length > 400)) return { order: '', material: text }
  return { order: text, material: files.length > 0 ? '' : quoted(text) }
}

function between(
  text: string,
  begin: RegExp,
  end: (opening: RegExpExecArray) => string,
): { order: string; material: string } | null {
  const opening = begin.exec(text)
  if (!opening) return null
  const from = opening.index + opening[0].length
  const to = text.indexOf(end(opening), from)
  const material = to < 0 ? '' : text.slice(from, to).trim()
  const rest = `${text.slice(0, opening.index)} ${text.slice(to + end(opening).length)}`
  return material === '' ? null : { order: rest.replace(/^-+$/m, '').trim(), material }
}

/** A question that stands behind the text belongs to what is asked. */
function withQuestion(order: string, material: string): { order: string; material: string } {
  const found =
    /(?:^|\n)[ \t]{0,9}(?:question|frage|task|aufgabe|instructions?|anweisung)[ \t]{0,3}:[ \t]{0,9}([\s\S]{1,1000})$/i.exec(
      material,
    )
  if (!found) return { order, material }
  return { order: `${order}\n${found[1] ?? ''}`.trim(), material: material.slice(0, found.index).trim() }
}

const quoted = (text: string) => /[“"„]([^"”“]{20,})["”“]/.exec(text)?.[1] ?? ''
