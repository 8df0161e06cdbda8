import { isObject } from '#sdk/given.ts'
import { asking, block, type Desk, oneOf, put, reads, say, variable } from './parts.ts'
import type { Step } from './steps.ts'

type Of<Is extends Step['is']> = Extract<Step, { is: Is }>

/** Runs what follows for each entry. */
export function each(desk: Desk): void {
  const known = block(desk, 'core.forEach', say(desk, 'a loop', 'eine Schleife'))
  if (!known || desk.inside !== null) return
  const list = desk.data.startsWith('trigger') || desk.text === null ? `{{ ${desk.data}.items }}` : desk.text
  desk.inside = put(desk, 'each', known.id, say(desk, 'For each entry', 'Für jeden Eintrag'), { list })
  desk.tails = []
  desk.data = 'item'
  desk.text = '{{ item }}'
  desk.isText = false
}

/** Finds values in the text. */
export function extract(desk: Desk, { fields }: Of<'extract'>): void {
  const known = block(desk, 'ai.extract', say(desk, 'finding values', 'Werte finden'))
  if (!known) return
  const params = asking(desk, known, fieldsFor(known.example, fields.map(named)))
  const key = put(desk, 'found', known.id, say(desk, 'Find the values', 'Werte finden'), params)
  reads(desk, key, known)
  desk.data = (desk.text ?? '').replace(/^\{\{ | \}\}$/g, '')
}

/** Goes on only where something holds. */
export function check(desk: Desk, { field, op, value }: Of<'check'>): void {
  const known = block(desk, 'core.if', say(desk, 'a condition', 'eine Bedingung'))
  if (!known) return
  const left = field === null ? (desk.text ?? `{{ ${desk.data} }}`) : `{{ ${desk.data}.${named(field)} }}`
  const rule = { left, op, right: value, ...(op === 'contains' ? { ignoreCase: true } : {}) }
  put(desk, 'check', known.id, say(desk, 'Does it hold?', 'Trifft es zu?'), { all: [rule] }, ['yes'])
}

/** Says it in another language. */
export function translate(desk: Desk, { to }: Of<'translate'>): void {
  const order = say(
    desk,
    `Translate the text into ${to}. Answer with the translation alone.`,
    `Übersetze den Text in die Sprache ${to}. Antworte nur mit der Übersetzung.`,
  )
  const more = { to, language: to, target: to }
  writes(desk, ['ai.translate', 'ai.write'], 'translation', say(desk, 'Translate', 'Übersetzen'), order, more)
}

/** Says it shorter. */
export function summarise(desk: Desk): void {
  const order = say(desk, 'Summarise the text in three sentences.', 'Fasse den Text in drei Sätzen zusammen.')
  writes(desk, ['ai.summarize', 'ai.write'], 'summary', say(desk, 'Summarise', 'Zusammenfassen'), order)
}

/** Writes what the request wants. */
export const write = (desk: Desk, { order }: Of<'write'>): void =>
  writes(desk, ['ai.write'], 'written', say(desk, 'Write', 'Schreiben'), order)

/** Asks a person. */
export function approve(desk: Desk): void {
  const known = block(desk, 'core.approve', say(desk, 'an approval', 'eine Freigabe'))
  const head = say(desk, 'This is about to go out:', 'Das soll hinausgehen:')
  const message = desk.text === null ? {} : { message: `${head}\n\n${desk.text}` }
  const params = { title: say(desk, 'May it go on?', 'Darf es weitergehen?'), ...message }
  if (known) put(desk, 'approval', known.id, say(desk, 'Ask a person', 'Freigabe'), params, ['approved'])
}

/** Waits. */
export function pause(desk: Desk, it: Of<'wait'>): void {
  const known = block(desk, 'core.wait', say(desk, 'a pause', 'eine Pause'))
  if (known) put(desk, 'pause', known.id, say(desk, 'Wait', 'Warten'), { for: it.for })
}

/** Sends a mail. */
export function mail(desk: Desk, { to }: Of<'mail'>): void {
  const known = block(desk, 'email.send', say(desk, 'sending mail', 'Mails senden'))
  if (!known) return
  const why = say(desk, 'the address in the variable “recipient”', 'die Adresse in der Variablen „recipient“')
  const address = to ?? variable(desk, 'recipient', 'you@example.org', why)
  const params = { to: address, subject: '{{ workflow.name }}', text: words(desk) }
  put(desk, 'mail', known.id, say(desk, 'Send a mail', 'Mail senden'), params)
}

/** Sends it to another program. */
export function post(desk: Desk, { url, to }: Of<'post'>): void {
  const known = block(desk, 'http.request', say(desk, 'calling an address', 'eine Adresse aufrufen'))
  if (!known) return
  const place = to ?? 'service'
  const why = say(desk, `the address of ${place} in the variable “target”`, `die Adresse von ${place} in der Variablen „target“`)
  const address = url ?? variable(desk, 'target', 'https://example.org/hook', why)
  const params = { method: 'POST', url: address, body: { text: words(desk) } }
  put(desk, 'post', known.id, say(desk, 'Send it there', 'Dorthin senden'), params)
}

/** Answers who has called. */
export function respond(desk: Desk): void {
  const known = block(desk, 'core.respond', say(desk, 'an answer', 'eine Antwort'))
  const body = desk.text === null ? { ok: true } : { result: desk.text }
  if (known) put(desk, 'reply', known.id, say(desk, 'Answer', 'Antworten'), { body })
}

/** Reads a page or data. */
export function fetch(desk: Desk, { url, page }: Of<'fetch'>): void {
  const known = block(desk, 'http.request', say(desk, 'calling an address', 'eine Adresse aufrufen'))
  if (!known) return
  const why = say(desk, 'the address to read in the variable “source”', 'die Adresse zum Lesen in der Variablen „source“')
  const key = put(desk, 'fetch', known.id, say(desk, 'Fetch', 'Abrufen'), {
    url: url ?? variable(desk, 'source', 'https://example.org', why),
  })
  desk.text = `{{ ${key}.body }}`
  desk.data = `${key}.body`
  desk.isText = false
  const html = page ? desk.brief.blocks.get('data.html') : undefined
  if (!html) return
  const text = put(desk, 'page', html.id, say(desk, 'Text of the page', 'Text der Seite'), { html: desk.text, mode: 'text' })
  desk.text = `{{ ${text} }}`
  desk.isText = true
}

/** Goes the way of the class it belongs to. */
export function classify(desk: Desk, { labels, only }: Of<'classify'>): void {
  const known = block(desk, 'ai.classify', say(desk, 'classifying', 'Einordnen'))
  if (!known) return
  const key = oneOf(known.params, ['classes', 'labels', 'categories'])
  const params = asking(desk, known, key === null ? {} : { [key]: labels })
  const wanted = only.length > 0 ? only : known.outlets.includes('main') ? ['main'] : labels
  put(desk, 'kind', known.id, say(desk, 'Sort', 'Einordnen'), params, wanted)
}

/** A block of its own where there is one, else the one that writes what it is told. */
function writes(
  desk: Desk,
  ids: readonly string[],
  key: string,
  name: string,
  order: string,
  more: Record<string, unknown> = {},
): void {
  const id = ids.find(one => desk.brief.blocks.has(one))
  const known = block(desk, id ?? ids[0] ?? '', name)
  if (!known) return
  const prompt = known.params.includes('text') || desk.text === null ? order : `${order}\n\n${desk.text}`
  const made = put(desk, key, known.id, name, asking(desk, known, id === ids[0] && ids.length > 1 ? more : { prompt }))
  reads(desk, made, known)
}

/** What is sent on: a text, or a text with the data in it. */
function words(desk: Desk): string {
  if (desk.text === null) return say(desk, 'It is done.', 'Es ist erledigt.')
  return desk.isText ? desk.text : `${say(desk, 'Result:', 'Ergebnis:')}\n\n${desk.text}`
}

/** A name as a field has it. */
const named = (text: string): string => {
  const [first = 'value', ...rest] = text.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  const name = [first, ...rest.map(word => word.charAt(0).toUpperCase() + word.slice(1))]
    .join('')
    .normalize('NFKD')
    .replace(/[^\w]/g, '')
  return /^[a-z_]/i.test(name) ? name : `f${name}`
}

/** The fields of what is to be found, in the form that the example of the block has. */
function fieldsFor(example: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  const [first] = Array.isArray(example.fields) ? example.fields : []
  if (isObject(first) || typeof first === 'string') return { fields: names.map(name => (isObject(first) ? { name } : name)) }
  const properties = Object.fromEntries(names.map(name => [name, { type: ['string', 'null'] }]))
  return { schema: { type: 'object', properties, required: [...names], additionalProperties: false } }
}
