import { type Found, isDate, MOST } from './dates.ts'

const WORD = String.raw`\p{Lu}[\p{L}'’.-]{0,30}`
const NAME = `${WORD}(?: (?:(?:von|van|de|der|zu|la) )?${WORD}){0,3}`
const FULL = `${WORD}(?: (?:(?:von|van|de|der|zu|la) )?${WORD}){1,3}`
const FORM =
  'GmbH(?: & Co\\. KG)?|AG|KG|UG|SE|OHG|GbR|e\\.V\\.|Inc\\.?|Ltd\\.?|LLC|LLP|PLC|Corp\\.?|Corporation|B\\.V\\.|S\\.A\\.'

/** Where names of people stand, the surest first. */
const PEOPLE = [
  String.raw`^(?:From|Von|Name|Sender|Absender|Full name|Kontakt|Contact|Customer|Kunde)[ \t]{0,9}:[ \t]{0,9}"?(${NAME})`,
  String.raw`\b(?:[Mm]y name is|[Mm]ein Name ist|[Ii]ch hei(?:ß|ss)e|[Tt]his is|[Cc]all me)[ \t]{1,9}(${NAME})`,
  String.raw`\b(?:[Ii]ch bin|[Ii]ch,)[ \t]{1,9}(${FULL})`,
  String.raw`\b(?:I am|I'm|I’m)[ \t]{1,9}(?:Mr\.? |Mrs\.? |Ms\.? )?(${NAME})`,
  String.raw`(?:[Rr]egards|[Ww]ishes|[Ss]incerely|[Cc]heers|[Tt]hanks|Gr(?:ü|u|ue)(?:ß|ss)en?|VG|LG|MfG|Dank)[ \t]{0,9}[,.!]?(?:[ \t]{0,9}\r?\n){1,3}[ \t]{0,9}(${NAME})`,
  String.raw`(?:[Rr]egards|Gr(?:ü|u|ue)(?:ß|ss)en?)[ \t]{0,9},[ \t]{0,9}(${NAME})`,
  String.raw`\b(?:Mr|Mrs|Ms|Herr|Herrn|Frau)\.?[ \t]{1,9}(${NAME})`,
].map(form => new RegExp(form, 'gmu'))

const COMPANIES = [
  String.raw`^(?:Company|Firma|Unternehmen|Organi[sz]ation|Vendor|Supplier|Employer|Arbeitgeber|Lieferant)[ \t]{0,9}:[ \t]{0,9}([^\n,;]{2,80})`,
  String.raw`((?:[\p{Lu}\d][\p{L}\d&'’.-]{0,30} (?:& )?){1,4}(?:${FORM}))(?![\p{L}\d])`,
].map(form => new RegExp(form, 'gmu'))

const BEHIND =
  /\b(?:from|at|of|bei|von)[ \t]{1,9}(?:der |dem )?((?:\p{Lu}[\p{L}\d&'’-]{1,30})(?: \p{Lu}[\p{L}\d&'’-]{1,30}){0,2})/gmu

/** A line that is a name and nothing else, as on top of a CV. */
const ALONE = new RegExp(
  String.raw`^(?:CV|Curriculum Vitae|Lebenslauf|Resume|Résumé)?[ \t]{0,9}[:–-]?[ \t]{0,9}(${FULL})[ \t]{0,9}$`,
  'u',
)

/** The people a text names, those who write it first. */
export function peopleIn(text: string): Found[] {
  const found = PEOPLE.flatMap(form => matchesOf(form, text)).filter(({ value }) => !isFirm(value))
  if (found.length > 0) return once(found)
  const [top] = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !/^(?:CV|Curriculum Vitae|Lebenslauf|Resume|Résumé)$/i.test(line))
  const [, value] = ALONE.exec(top ?? '') ?? []
  return value === undefined || isFirm(value) ? [] : [{ at: text.indexOf(value), text: value, value }]
}

/** The companies a text names; what stands behind “from” is one only where no surer one is found. */
export function companiesIn(text: string): Found[] {
  const people = peopleIn(text).map(({ value }) => value)
  const other = ({ value }: Found) => !people.includes(value) && !isDate(value)
  const sure = COMPANIES.flatMap(form => matchesOf(form, text)).filter(other)
  return once(sure.length > 0 ? sure : matchesOf(BEHIND, text).filter(other))
}

const isFirm = (name: string) => new RegExp(`(?:^| )(?:${FORM})$`, 'u').test(name)

const matchesOf = (form: RegExp, text: string): Found[] =>
  [...text.matchAll(form).take(MOST)].flatMap(match => {
    const value = (match[1] ?? '').trim().replace(/(?<=\p{Ll}{2})\.$/u, '')
    return value === '' ? [] : [{ at: match.index + match[0].indexOf(value), text: value, value }]
  })

const once = (found: Found[]): Found[] => found.filter((one, at) => found.findIndex(it => it.value === one.value) === at)
