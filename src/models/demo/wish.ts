import { ORDERS, type Request } from './request.ts'
import { about } from './sentences.ts'
import { plain, wordsOf } from './words.ts'

/** What is wanted. */
export type Wish = {
  what:
    | 'classify'
    | 'translate'
    | 'summarise'
    | 'shorten'
    | 'rewrite'
    | 'reply'
    | 'list'
    | 'answer'
    | 'explain'
    | 'chat'
    | 'other'
  /** The words that ask for it: of the person or of the system. */
  order: string
  labels: readonly string[]
  /** Named numbers of sentences, words or points. */
  sentences: number | null
  words: number | null
  points: number | null
}

/** What asks for each, the surest first; words are plain. */
const SIGNS: readonly [Wish['what'], RegExp][] = [
  ['translate', /\b(?:translat\w*|ubersetz\w*)\b/],
  ['summarise', /\b(?:summar[iy]\w*|sum up|tl;?dr|fass\w* .{0,200}\bzusammen|zusammenfass\w*|key points|gist)\b/],
  ['shorten', /\b(?:shorten|shorter|kurz(?:e|er|en) .{0,80}|kurzer|kurze|kurzen)\b/],
  [
    'rewrite',
    /\b(?:rewrit\w*|rephras\w*|paraphras\w*|reword\w*|proofread|umschreib\w*|umformulier\w*|formulier\w* .{0,80}\bum\b|korrigier\w*|correct (?:the|this|my)|improve|verbesser\w*|simplify|vereinfach\w*)\b/,
  ],
  [
    'reply',
    /\b(?:(?:reply|replies|respond|response|antwort\w*) (?:to|for|auf|an|fur)|(?:write|draft|compose|schreib\w*|verfass\w*|entwirf|formulier\w*) .{0,60}\b(?:reply|response|answer|antwort\w*)|answer (?:this|the|my) (?:e-?mail|mail|message|letter)|beantworte .{0,20}(?:mail|nachricht))\b/,
  ],
  [
    'list',
    /\b(?:list|bullets?|bullet points?|ideas?|brainstorm\w*|suggestions?|suggest|liste\w*|ideen|vorschlage|stichpunkte?n?|aufzahl\w*|nenne)\b/,
  ],
  ['explain', /\b(?:explain|what does .{0,60} (?:do|mean)|erklar\w*|describe (?:the|this) (?:code|json|function))\b/],
]

const LABELS =
  /(?:\bone of(?: the| these)?(?: following)?(?: \w+)?\s*:|\b(?:answer|reply|respond|classify|label|choose|pick|return|output|into|as|with)\b[^\n.:]{0,60}\bone of(?:(?: the| these)?(?: following)?(?: \w+){0,2}\s{0,3}:| the\b)?|\b(?:choose|decide|pick|select|distinguish)\b[^\n.:]{0,40}\b(?:between|from|of)\b\s*:?|\b(?:categor(?:y|ies)|labels?|classes|options)(?: are)?(?: \([^)\n]{0,60}\))?\s*:|\b(?:kategorien|klassen|labels|eine[rsnm]? (?:von|der folgenden(?: \p{L}+)?))\s*:|\bzwischen\b)/giu

const GREETING =
  /^(?:hi|hello|hey|good (?:morning|evening|day)|hallo|guten (?:tag|morgen|abend)|moin|servus|thanks?|thank you|danke|how are you|wie geht'?s)\b/

/** What a request wants: of what the system orders first, else of what the person asks. */
export function wishOf(request: Request): Wish {
  const { system, order, whole } = request
  const ordered = ORDERS.test(plain(system))
  const asked = ordered && order === '' ? system : order
  const both = `${system}\n${order}`
  const labels = labelsIn(order) ?? labelsIn(system) ?? []
  const what = labels.length > 1 ? 'classify' : (kindOf(asked) ?? (ordered ? kindOf(system) : null) ?? softer(request))
  return {
    what,
    order: asked === '' ? whole : asked,
    labels,
    sentences: numberOf(both, 'sentences?|satz\\w*|satze\\w*'),
    words: numberOf(both, 'words?|wort\\w*|worte\\w*'),
    points: numberOf(
      both,
      '(?:\\w+ ){0,2}(?:bullets?|points?|ideas?|items?|suggestions?|names?|titles?|examples?|things|ways|punkte?n?|ideen|vorschlage|stichpunkte?n?|namen|titel|beispiele|keywords|stichworte?)',
    ),
  }
}

const kindOf = (text: string): Wish['what'] | null => SIGNS.find(([, form]) => form.test(plain(text)))?.[0] ?? null

function softer({ order, material, whole, system }: Request): Wish['what'] {
  const text = plain(whole).trim()
  if (material !== '' && /\?\s*$|\b(?:answer|question|beantwort\w*|frage)\b/.test(plain(order))) return 'answer'
  if (
    GREETING.test(text) ||
    /\b(?:my name is|i am called|ich heisse|mein name ist|what is my name|what's my name|wie heisse ich)\b/.test(text)
  )
    return 'chat'
  if (text.endsWith('?') && system.length > 150 && about(whole, system, 1).length > 0) return 'answer'
  return text.endsWith('?') || wordsOf(text).length < 6 ? 'chat' : 'other'
}

const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const GERMAN = ['null', 'ein', 'zwei', 'drei', 'vier', 'funf', 'sechs', 'sieben', 'acht', 'neun', 'zehn']

/** The number before a word: “in two sentences”, “max. 30 words”, “ein Satz”. */
function numberOf(text: string, unit: string): number | null {
  const found = new RegExp(
    `\\b(\\d{1,4}|an?|single|eine[mnrs]?|${[...NUMBERS, ...GERMAN].join('|')})[ -](?:(?:short|brief|kurze\\w*) )?(?:${unit})\\b`,
  ).exec(plain(text))?.[1]
  if (found === undefined) return null
  if (/^\d/.test(found)) return Math.max(1, Number(found))
  return Math.max(1, NUMBERS.indexOf(found), GERMAN.indexOf(found))
}

/** The labels of “answer with one of: billing, bug or other”, also as lines of a list. */
function labelsIn(text: string): string[] | null {
  for (const found of text.matchAll(LABELS)) {
    const rest = text.slice(found.index + found[0].length)
    const lines = /^[ \t]*(?:\n[ \t]*[-*•][ \t]*[^\n]{1,80}){2,40}/.exec(rest)?.[0]
    const row = /^\s*([^\n.!?]{1,600})/.exec(rest)?.[1] ?? ''
    const parts = lines
      ? lines.split('\n').map(line => line.replace(/^\s*[-*•]\s*/, '').replace(/\s*[:–—].*$/, ''))
      : row.split(/\s*[,;|/]\s*(?:or |oder |and |und )?|\s+(?:or|oder)\s+/)
    const labels = parts.map(part => part.trim().replace(/^["'`“„*]+|["'`”“*]+$/g, '')).filter(part => part !== '')
    if (labels.length > 1 && labels.every(label => label.length < 60 && wordsOf(label).length <= 5)) return [...new Set(labels)]
  }
  return null
}
