import { choose } from './choose.ts'
import { explain } from './code.ts'
import { read } from './find.ts'
import { answerMail } from './mail.ts'
import { isReadable, LABEL, type Request } from './request.ts'
import { about, brief, keywords, sentencesOf, telling, told } from './sentences.ts'
import { chat } from './talk.ts'
import { type Wish, wishOf } from './wish.ts'
import { clip, isStop, languageOf, plain, wordsOf } from './words.ts'

/** What is written in free words, with the label before it. */
export const write = (request: Request): string => `${LABEL} ${body(request)}`.trimEnd()

function body(request: Request): string {
  const wish = wishOf(request)
  const text = materialFor(request, wish)
  const written = WRITERS[wish.what](text, wish, request)
  const unread = request.files.filter(file => !isReadable(file))
  return [written, ...unread.map(({ name, type, bytes }) => seen(wish, `${name ?? type}, ${type}, ${bytes.length} bytes`))].join(
    '\n\n',
  )
}

const seen = (wish: Wish, file: string) =>
  inGerman(wish)
    ? `(Eine Datei ist dabei, in die eine Demo nicht sehen kann: ${file})`
    : `(There is a file that a demo cannot look into: ${file})`

/** Where a text is asked for and none is given, the last one of the conversation is meant: “now shorter”. */
function materialFor({ material, before, whole, system }: Request, { what }: Wish): string {
  if (material !== '') return material
  if (['summarise', 'shorten', 'rewrite', 'translate'].includes(what)) return before.at(-1)?.text ?? whole
  if (what === 'answer') return system
  return what === 'classify' ? whole : ''
}

const inGerman = ({ order }: Wish) => languageOf(order) === 'de'

const WRITERS: Record<Wish['what'], (text: string, wish: Wish, request: Request) => string> = {
  summarise: (text, wish) => summary(text, wish, 3),
  shorten: (text, wish) => summary(text, wish, Math.max(1, Math.ceil(told(text).length / 2))),
  translate,
  rewrite,
  list,
  classify: (text, { labels }) => labels[choose(labels, read(text).said).at] ?? '',
  reply: (text, _, request) => answerMail(text === '' ? request.whole : text),
  answer: (text, wish, request) => answer(text, wish, request.order === '' ? request.whole : request.order),
  explain: (text, wish, { whole }) => explain(text === '' ? whole : text, inGerman(wish)),
  chat: (_, wish, request) => chat(request, inGerman(wish)),
  other,
}

function summary(text: string, { sentences, words, points, order }: Wish, usual: number): string {
  const list = /bullet|stichpunkt|key points|aufzahl/.test(plain(order))
  if (list)
    return telling(text, points ?? sentences ?? usual)
      .map(one => `- ${one}`)
      .join('\n')
  return words === null ? telling(text, sentences ?? usual).join(' ') : brief(text, words)
}

/** Names of languages as people write them, plain. */
const LANGUAGES =
  'english|german|french|spanish|italian|dutch|portuguese|polish|turkish|russian|chinese|japanese|englisch|deutsch|franzosisch|spanisch|italienisch|niederlandisch|portugiesisch|polnisch|turkisch|russisch|chinesisch|japanisch|ukrainisch|ukrainian|swedish|schwedisch|danish|danisch|arabic|arabisch|korean|koreanisch'

function translate(text: string, wish: Wish): string {
  const [, named = ''] = new RegExp(`\\b(?:to|into|in|ins|auf)\\s+(?:das |the )?(${LANGUAGES})`).exec(plain(wish.order)) ?? []
  const to = named === '' ? '' : named.charAt(0).toUpperCase() + named.slice(1)
  const sentence = inGerman(wish)
    ? `Eine Demo kann nicht übersetzen. Der Text bleibt, wie er ist${to === '' ? '' : `; gewünscht war: ${to}`}.`
    : `A demo cannot translate. The text is still as it was${to === '' ? '' : `; wanted was: ${to}`}.`
  return `${sentence}\n\n[${to === '' ? languageOf(text) : to}] ${text}`
}

/** Only what can be done without understanding: spaces, doubled words, capitals and the last point. */
function rewrite(text: string, wish: Wish): string {
  const tidy = text
    .split(/\n(?:[ \t\r]{0,20}\n)+/)
    .map(part =>
      sentencesOf(
        part
          .replace(/\s+/g, ' ')
          .replace(/\b(\p{L}{2,30}) \1\b/giu, '$1')
          .replace(/ ([,.;:!?])/g, '$1'),
      )
        .map(whole)
        .join(' '),
    )
    .join('\n\n')
  return inGerman(wish) ? `Aufgeräumt, nicht umformuliert:\n\n${tidy}` : `Tidied up, not reworded:\n\n${tidy}`
}

const whole = (sentence: string) => {
  const capital = sentence.charAt(0).toUpperCase() + sentence.slice(1)
  return /[.!?…:"”]$/.test(capital) ? capital : `${capital}.`
}

function list(text: string, { points, order }: Wish): string {
  const most = Math.min(points ?? 5, 50)
  const entries = text === '' ? combined(nounsOf(order), most) : telling(text, most)
  const numbered = /\bnumber(?:ed)?\b|nummerier/.test(plain(order))
  return entries.map((one, at) => `${numbered ? `${at + 1}.` : '-'} ${one}`).join('\n')
}

const ASKING = new Set(
  'write give list make create generate suggest suggestion suggestions idea ideas brainstorm bullet bullets point points name names short new some good need want help tell show nenn nenne schreib schreibe liste ideen vorschlag vorschlage stichpunkte gib erstelle neue gute kurze small great two three four five six seven eight nine ten zwei drei vier funf sechs sieben acht neun zehn numbered'.split(
    ' ',
  ),
)

/** The words of a request that say what it is about. */
function nounsOf(order: string): string[] {
  const words = keywords(order, 30).filter(word => !isStop(word) && !wordsOf(word).some(one => ASKING.has(one)))
  return words.length > 0 ? words : [clip(order.trim(), 80)]
}

/** First each by itself, then two and two. */
function combined(words: readonly string[], most: number): string[] {
  const pairs = words.flatMap((one, at) => words.slice(at + 1).map(other => `${one} + ${other}`))
  return [...words.map(word => word.charAt(0).toUpperCase() + word.slice(1)), ...pairs].slice(0, most)
}

function answer(text: string, wish: Wish, question: string): string {
  const found = about(question, text, wish.sentences ?? 2)
  if (found.length > 0) return found.join(' ')
  return inGerman(wish) ? 'Der gegebene Text sagt darüber nichts.' : 'The text that was given says nothing about that.'
}

function other(text: string, wish: Wish, { order }: Request): string {
  const request = clip(order.trim() === '' ? wish.order.trim() : order.trim(), 600)
  const words = nounsOf(request).slice(0, 5)
  const essence = text === '' ? '' : ` ${telling(text, 2).join(' ')}`
  if (inGerman(wish))
    return `Hier stünde, was ein Modell auf diese Bitte schreibt: „${request}“ Sie handelt von: ${words.join(', ')}.${essence && ` Im Text steht:${essence}`}`
  return `Here a model would write what this asks for: “${request}” It is about: ${words.join(', ')}.${essence && ` The text says:${essence}`}`
}
