import { wordsOf } from './words.ts'

/** What a property holds, by its name. */
export type Kind = (typeof KINDS)[number][0]

const KINDS = [
  ['email', /^(?:e?mails?|.*mailadress\w*)$/],
  ['phone', /^(?:phone|telephone|telefon\w*|tel|mobile|mobil\w*|handy\w*|fax)$/],
  ['link', /^(?:url|uri|link|website|web|homepage|webseite)s?$/],
  ['currency', /^(?:currency|wahrung)$/],
  ['date', /^(?:dates?|\w*datum|day|due|deadline|birthday|geburtstag|frist|fallig\w*|when|wann)$/],
  [
    'money',
    /^(?:amount|price|total|sum|cost|costs|fee|budget|salary|gehalt|gross|net|netto|brutto|tax|vat|mwst|subtotal|balance|\w*(?:betrag|summe|preis|kosten|gesamt))$/,
  ],
  ['count', /^(?:count|quantity|qty|anzahl|menge|stuck|age|alter)$/],
  ['confidence', /^(?:confidence|probability|certainty|likelihood|wahrscheinlichkeit|konfidenz|sicherheit)$/],
  ['rating', /^(?:rating|score|stars|bewertung|punkte|polarity)$/],
  ['first', /^(?:firstname|vorname|given)$/],
  ['last', /^(?:lastname|surname|nachname|family|familienname)$/],
  ['company', /^(?:company|firma|organi[sz]ation|employer|vendor|supplier|unternehmen|lieferant|arbeitgeber|merchant)$/],
  [
    'person',
    /^(?:person|sender|from|absender|customer|kunde|client|author|autor|contact|kontakt|ansprechpartner|candidate|applicant|bewerber|people|personen|who)$/,
  ],
  ['place', /^(?:city|town|location|place|country|ort|stadt|land|destination|region|ziel)$/],
  ['query', /^(?:query|q|search|term|suche|suchbegriff|keyword)$/],
  ['expression', /^(?:expression|formula|calculation|equation|ausdruck|formel|rechnung)$/],
  ['role', /^(?:role|job|rolle|tatigkeit|beruf)$/],
  ['years', /^(?:years?|start|end|since|until|jahre?|period|zeitraum|von|bis)$/],
  ['subject', /^(?:subject|betreff|headline|topic|thema|uberschrift)$/],
  ['summary', /^(?:summary|zusammenfassung|abstract|overview|gist|tldr|description|beschreibung|fazit)$/],
  ['reason', /^(?:reason|reasoning|begrundung|explanation|rationale|why|grund|justification)$/],
  ['language', /^(?:language|sprache|lang)$/],
  ['question', /^(?:questions?|fragen?)$/],
  ['tags', /^(?:tags?|keywords|topics|themes|stichworte?|stichworter|schlagworte?|entities)$/],
  ['points', /^(?:points|highlights|sentences|takeaways|facts|findings|insights|bullets|stichpunkte|punkte)$/],
  [
    'draft',
    /^(?:reply|answer|response|antwort|draft|entwurf|post|body|content|text|message|article|nachricht|inhalt|output|result)$/,
  ],
  ['id', /^(?:id|number|no|nr|num|reference|ref|code|\w+nummer|\w+nr)$/],
] as const

/** Names that say little: what stands before them decides. */
const VAGUE: Record<string, Kind> = {
  name: 'person',
  full: 'person',
  fullname: 'person',
  title: 'subject',
  titel: 'subject',
  number: 'id',
  nummer: 'id',
  no: 'id',
  id: 'id',
  text: 'draft',
}
const OF_PEOPLE = /^(?:full|display|real|their|your|voller|vollstandiger)$/

/** What a name asks for; null where it could be anything. The last word says most: `emailSubject` is a subject. */
export function kindOfName(name: string): Kind | null {
  const words = wordsOf(name.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2'))
  if (words.includes('first') && words.includes('name')) return 'first'
  if (words.includes('last') && words.includes('name')) return 'last'
  if (words.includes('years') && words.includes('of')) return 'count'
  let vague: Kind | null = null
  for (const word of words.toReversed()) {
    if (Object.hasOwn(VAGUE, word)) vague ??= VAGUE[word] ?? null
    else if (word !== 'address' && word !== 'adresse') {
      const kind = KINDS.find(([, form]) => form.test(word))?.[0]
      if (kind && (vague !== 'id' || ['phone', 'email'].includes(kind))) return kind
      // A product's name is no person's.
      if (vague === 'person' && !OF_PEOPLE.test(word)) return null
    }
  }
  return vague
}
