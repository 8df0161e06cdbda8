import { plain } from '#models/demo/words.ts'

/** What a workflow is to do, one after the other. */
export type Step =
  | { is: 'fetch'; url: string | null; page: boolean }
  | { is: 'each' }
  | { is: 'extract'; fields: string[] }
  | { is: 'classify'; labels: string[]; only: string[] }
  | { is: 'check'; field: string | null; op: 'contains' | 'greater' | 'less'; value: string | number }
  | { is: 'translate'; to: string }
  | { is: 'summarise' }
  | { is: 'write'; order: string }
  | { is: 'approve' }
  | { is: 'wait'; for: string }
  | { is: 'mail'; to: string | null }
  | { is: 'post'; url: string | null; to: string | null }
  | { is: 'respond' }

/** What stands before what, whatever the order of the words: one fetches before one summarises. */
const RANK: Record<Step['is'], number> = {
  fetch: 0,
  each: 1,
  extract: 2,
  classify: 3,
  check: 4,
  translate: 5,
  summarise: 5,
  write: 5,
  approve: 6,
  wait: 7,
  mail: 8,
  post: 8,
  respond: 9,
}

type Found = { at: number; step: Step }
type Seek = (text: string, whole: string) => Found[]

const once =
  (form: RegExp, step: (found: RegExpExecArray) => Step | null): Seek =>
  text => {
    const found = form.exec(text)
    const made = found && step(found)
    return found && made ? [{ at: found.index, step: made }] : []
  }

const SUMMARISE = /\b(?:summar[iy]\w*|sum up|digest|tl;?dr|zusammenfass\w*|fass\w* .{0,80}\bzusammen|kurzfassung|uberblick)\b/
const TRANSLATE =
  /\b(?:translat\w*|ubersetz\w*)\b(?:[^.]{0,60}?\b(?:to|into|in|ins|auf)\s+(?:das |the )?(english|german|french|spanish|italian|dutch|polish|portuguese|japanese|chinese|englische?|deutsche?|franzosische?|spanische?|italienische?|niederlandische?|polnische?)\b)?/
const WRITE =
  /\b(?:writ(?:e|es|ing)|draft|compose|generate|schreib\w*|verfass\w*|entwirf|entwerf\w*|formulier\w*|erzeug\w*|dichte)\b/
const APPROVE =
  /\b(?:approv\w*|sign[- ]?off|ask me (?:first|before)|confirm\w*|human check|freigabe\w*|freigeb\w*|genehmig\w*|bestatig\w*|frag mich|nachfragen)\b/
const EACH =
  /\b(?:for each|for every|for all|each of|(?:each|every) (?:item|entry|row|order|article|result|post|ticket|user|customer|line|one)s?|fur jede\w*|fur alle|jede[nsrm]? (?:eintrag|artikel|zeile|bestellung|element|beitrag|ergebnis|kunde\w*|ticket)\w*|einzeln)\b/
const MAIL = /\b(?:e-?mails?|mail(?:e|en|s|ing)?|per mail|newsletter)\b/
const RESPOND =
  /\b(?:respond|reply with|answer (?:with|the caller)|return(?:s)? (?:it|the|a)|antworte\w*|zuruckgeben|gib .{0,40}zuruck|als antwort)\b/
const POST =
  /\b(?:post|send|push|forward|notify|poste\w*|schicke?n?|sende?n?|meld\w*|benachrichtig\w*)\b[^.]{0,80}?\b(slack|discord|teams|mattermost|telegram|crm|api|endpoint|webhook|server|schnittstelle)\b/
const SERVICE =
  /\b(?:to|an|in|via|on|into|auf)\s+(?:den |die |das |the |our |unser\w* )?(slack|discord|teams|mattermost|telegram)\b/
const FETCH =
  /\b(?:fetch\w*|get|load|download|read|check|look at|scrape|crawl|pull|call|hol\w*|lade\w*|abruf\w*|ruf\w* .{0,60}\bab|lies|lese\w*|pruf\w*)\b[^.]{0,50}?\b(page|website|web ?site|site|url|article|news|headlines|blog|feed|api|json|weather|prices?|data|orders?|list|seite|webseite|internetseite|artikel|nachrichten|schlagzeilen|wetter|preise?|daten|bestellungen|liste)\b/
const PAGES =
  /\b(?:pages?|web ?sites?|site|article|news|headlines|blog|html|seite|webseite|internetseite|artikel|nachrichten|schlagzeilen)\b/
const CONDITION = /\b(?:if|when|where|only|wenn|falls|sofern|nur)\b/

const SEEKERS: readonly Seek[] = [
  fetches,
  once(EACH, () => ({ is: 'each' })),
  extracts,
  classifies,
  checks,
  once(TRANSLATE, ([, to]) => ({ is: 'translate', to: languageNamed(to ?? '') })),
  once(SUMMARISE, () => ({ is: 'summarise' })),
  writes,
  once(APPROVE, () => ({ is: 'approve' })),
  once(/\b(?:wait|warte\w*|pausier\w*)\b[^.]{0,20}?(\d{1,4})\s*(s|sec|min|h|d|st|t)\w*/, ([, count, unit]) => ({
    is: 'wait',
    for: `${Number(count)}${{ s: 's', sec: 's', min: 'm', h: 'h', st: 'h', d: 'd', t: 'd' }[unit ?? ''] ?? 'm'}`,
  })),
  mails,
  posts,
  once(RESPOND, () => ({ is: 'respond' })),
]

/** “Send me …”, with no word of how. */
const TO_ME = /\b(?:send|give|tell) (?:me|us)\b|\b(?:schick\w*|send\w*|gib) (?:mir|uns)\b/
const TEXTS =
  /\b(?:poem|haiku|story|answer|reply|response|joke|post|article|letter|gedicht|geschichte|antwort|witz|beitrag|text|brief)\w*\b/

/** The steps that a request names, in the order in which they make sense. */
export function stepsOf(request: string): Step[] {
  const text = plain(request)
  const found = SEEKERS.flatMap(seek => seek(text, request))
  const sorted = found.sort((one, other) => RANK[one.step.is] - RANK[other.step.is] || one.at - other.at).map(({ step }) => step)
  const has = (...kinds: Step['is'][]) => sorted.some(step => kinds.includes(step.is))
  // “Write a summary” and “write me a mail” ask for one thing.
  const steps = sorted.filter(step => step.is !== 'write' || !has('summarise', 'translate', 'mail') || TEXTS.test(text))
  // One goes through a list, not through the text of a page.
  const read = steps.map(step => (step.is === 'fetch' && has('each') ? { ...step, page: false } : step))
  return TO_ME.test(text) && !has('mail', 'post', 'respond') && read.length > 0 ? [...read, { is: 'mail', to: null }] : read
}

/** From the word that asks for it to where the next thing begins. */
function writes(text: string, whole: string): Found[] {
  const found = WRITE.exec(text)
  if (!found) return []
  const clause =
    /^[\s\S]{3,}?(?=,?\s+(?:and|und|then|dann)\s+(?:then |dann )?(?:send|e-?mail|mail|post|notify|ask|return|respond|schick|sende|poste|frag|melde|antworte)|[.;]\s|$)/i.exec(
      whole.slice(found.index),
    )?.[0]
  // Accents taken off may have moved the place; the whole request says it too.
  const order = clause !== undefined && plain(clause).startsWith(found[0].slice(0, 4)) ? clause.trim() : whole
  return [{ at: found.index, step: { is: 'write', order } }]
}

const URLS = /https?:\/\/[^\s"'“”„<>()]+[^\s"'“”„<>().,;:!?]/g

/** An address behind “to” is sent to; any other is read. */
const isTarget = (before: string) =>
  /\b(?:post|send|push|forward|poste?n?|schicke?n?|sende?n?|melde?n?)\b/.test(before) &&
  /\b(?:to|at|an|nach|zu|auf)\s*$/.test(before.trimEnd().concat(' '))

function fetches(text: string, whole: string): Found[] {
  const urls = [...whole.matchAll(URLS)].filter(({ index }) => !isTarget(plain(whole.slice(Math.max(0, index - 120), index))))
  const [first] = urls
  if (first)
    return [{ at: first.index, step: { is: 'fetch', url: first[0], page: !/\b(?:api|json)\b|\.json\b/.test(plain(whole)) } }]
  const found = FETCH.exec(text)
  return found ? [{ at: found.index, step: { is: 'fetch', url: null, page: PAGES.test(found[1] ?? '') } }] : []
}

function posts(text: string, whole: string): Found[] {
  const [target] = [...whole.matchAll(URLS)].filter(({ index }) => isTarget(plain(whole.slice(Math.max(0, index - 120), index))))
  const found = POST.exec(text) ?? SERVICE.exec(text)
  if (target) return [{ at: target.index, step: { is: 'post', url: target[0], to: null } }]
  return found ? [{ at: found.index, step: { is: 'post', url: null, to: found[1] ?? null } }] : []
}

function mails(text: string, whole: string): Found[] {
  const address = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/.exec(whole)
  const said = MAIL.exec(text)
  // Mails that come in are what it starts with.
  const sent =
    /\b(?:send|mail (?:it|me|us|them|the|to|every|this)|e-?mail (?:it|me|us|them|the|to)|per (?:e-?)?mail|by (?:e-?)?mail|via (?:e-?)?mail|as an? (?:e-?)?mail|schick\w*|send\w*|maile)\b/
  if (address) return [{ at: address.index, step: { is: 'mail', to: address[0] } }]
  return said && sent.test(text) ? [{ at: said.index, step: { is: 'mail', to: null } }] : []
}

/** Where the next thing begins. */
const NEXT =
  /,?\s+(?:(?:and|und)\s+)?(?:if|when|then|wenn|falls|dann|send|mail|post|notify|ask|schick\w*|sende\w*|poste\w*|melde\w*|frag\w*)\b/

/** The entries of “a, b and c”. */
const listed = (text: string): string[] =>
  text
    .split(/\s*[,;/]\s*(?:and |or |und |oder )?|\s+(?:and|or|und|oder)\s+/)
    .map(one =>
      one
        .trim()
        .replace(/^["'“„(]+|["'”)]+$/g, '')
        .replace(/^(?:the|a|an|its|their|der|die|das|den|ein|eine|einen)\s+/i, ''),
    )
    .filter(one => one !== '' && one.length <= 40)

function extracts(text: string): Found[] {
  const found =
    /\b(?:extract|pull out|find|extrahier\w*|entnimm|lies)\s+(?:the |die |den |das )?([^.;:]{3,120}?)(?=\s+(?:from|of|out of|in|aus|von)\b|[.;:]|$)/.exec(
      text,
    )
  if (!found || !/^(?:extract|pull out|extrahier|entnimm)/.test(found[0])) return []
  const fields = listed((found[1] ?? '').split(NEXT)[0] ?? '')
    .filter(one => one.split(' ').length <= 3)
    .slice(0, 10)
  return fields.length === 0 ? [] : [{ at: found.index, step: { is: 'extract', fields } }]
}

function classifies(text: string, whole: string): Found[] {
  const found =
    /\b(?:classif\w*|categori[sz]e\w*|sort|label|triage|klassifizier\w*|kategorisier\w*|ordne|sortier\w*|einordnen)\b[^.:]{0,60}?(?:\b(?:into|as|in|als|nach|to)\s+|:\s*)([^.:;]{3,160})/.exec(
      text,
    )
  if (!found) return []
  const said = found[1] ?? ''
  const until = said.split(NEXT)[0] ?? ''
  const labels = [...new Set(listed(until.replace(/\s+ein$/, '')))].filter(one => one.split(' ').length <= 3)
  if (labels.length < 2) return []
  const rest = text.slice(found.index + found[0].length - said.length + until.length)
  const only = CONDITION.test(rest) ? labels.filter(label => new RegExp(`\\b${escaped(label)}`).test(rest)) : []
  const own = (label: string) => asWritten(label, whole)
  return [{ at: found.index, step: { is: 'classify', labels: labels.map(own), only: only.map(own) } }]
}

/** Words with the capitals and accents they were written with. */
function asWritten(words: string, whole: string): string {
  const all = new Map((whole.match(/[\p{L}\p{N}-]+/gu) ?? []).toReversed().map(word => [plain(word), word]))
  return words
    .split(' ')
    .map(word => all.get(word) ?? word)
    .join(' ')
}

const escaped = (text: string) => text.replace(/[^\p{L}\p{N} ]/gu, '.')

function checks(text: string): Found[] {
  const holds =
    /\b(?:if|when|where|only|wenn|falls|sofern|nur)\b[^.;]{0,60}?\b(?:contains?|mentions?|includes?|enthalt|erwahnt|vorkommt)\s+(?:the words? |das wort |die worte )?["'“„]?([\p{L}\p{N}_-]{2,40})/u.exec(
      text,
    )
  if (holds) return [{ at: holds.index, step: { is: 'check', field: null, op: 'contains', value: holds[1] ?? '' } }]
  const over =
    /\b(?:if|when|where|only|wenn|falls|sofern|nur)\b[^.;]{0,60}?\b(\w+)\s+(?:is |are |ist |sind |liegt )?(over|above|more than|greater than|higher than|exceeds|uber|mehr als|grosser als|hoher als|below|under|less than|lower than|unter|weniger als|kleiner als)\s+(?:[€$]|eur|usd)?\s*(\d{1,12}(?:[.,]\d{1,4})?)/.exec(
      text,
    )
  if (!over) return []
  const op = /^(?:below|under|less|lower|unter|weniger|kleiner)/.test(over[2] ?? '') ? 'less' : 'greater'
  const field = /^(?:it|is|are|that|they|es|er|sie|ist)$/.test(over[1] ?? '') ? 'total' : (over[1] ?? 'total')
  return [{ at: over.index, step: { is: 'check', field, op, value: Number((over[3] ?? '0').replace(',', '.')) } }]
}

const LANGUAGES: readonly [RegExp, string][] = [
  [/^(?:german|deutsch)/, 'German'],
  [/^(?:french|franz)/, 'French'],
  [/^(?:spanish|spanisch)/, 'Spanish'],
  [/^(?:italian|italien)/, 'Italian'],
  [/^(?:dutch|niederl)/, 'Dutch'],
  [/^(?:polish|polnisch)/, 'Polish'],
  [/^portug/, 'Portuguese'],
  [/^japan/, 'Japanese'],
  [/^(?:chinese|chines)/, 'Chinese'],
]

const languageNamed = (name: string): string => LANGUAGES.find(([form]) => form.test(name))?.[1] ?? 'English'
