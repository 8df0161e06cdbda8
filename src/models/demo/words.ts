/** Words that hold sentences together and tell nothing of their matter. */
const STOP = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by can could
  did do does doing down during each few for from further get had has have having he her here hers him his how i if in into is it
  its just let me more most much my no nor not now of off on once only or other our out over own per please same shall she should so some
  such than that the their them then there these they this those through to too under until up us very was we were what when where
  which while who whom why will with would you your yours im ive dont im
  aber alle als am an auch auf aus bei beim bin bis bitte da damit dann das dass dem den der des die dies diese diesem diesen dieser
  dieses doch du durch ein eine einem einen einer eines er es euch euer fur gegen gern hab habe haben hat hatte hier ich ihm ihn
  ihnen ihr ihre ihrem ihren ihrer im ins ist ja je kann kein keine keinen konnen konnte man mein meine meinem meinen meiner mich mir mit
  nach nicht noch nun nur ob oder ohne sehr sein seine seit sich sie sind so soll sollte sowie uber um und uns unser unsere unter vom
  von vor war waren was weil wenn wer werde werden wie wieder will wir wird wo wurde wurden zu zum zur`
    .split(/\s+/)
    .filter(Boolean),
)

const GERMAN = new Set(
  'aber auch auf aus bei bitte das dass dem den der des die ein eine einem einen einer es fur habe haben hat ich ihr ihre im ist kann kein keine mit nach nicht noch oder schreibe sehr sich sie sind und uns vom von was wie wir wird zu zum zur hallo danke guten tag fasse uber'.split(
    ' ',
  ),
)
const ENGLISH = new Set(
  'about an and are as at be but by can for from has have hello i is it my not of on or our please that the this to was we what with you your'.split(
    ' ',
  ),
)

/** Small letters without accents, so that words can be compared. */
export const plain = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').replaceAll('’', "'")

/** The words of a text, plain, in order. */
export const wordsOf = (text: string): string[] => plain(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** What is left of a word without its ending: `invoices` and `invoice` are the same. */
export function stem(word: string): string {
  if (word.length < 4) return word
  const bare = word.replace(/ies$/, 'y').replace(/(?:ings?|ed|(?<!s)es|(?<!s)s|en|e)$/, '')
  return bare.length < 3 ? word : bare
}

/** The stems of the words that tell something, in order. */
export const matter = (text: string): string[] =>
  wordsOf(text)
    .filter(word => !STOP.has(word) && (word.length > 1 || /\d/.test(word)))
    .map(stem)

/** Tells nothing by itself. */
export const isStop = (word: string): boolean => STOP.has(plain(word))

/** The words of a name in code: `dueDate`, `due_date` and `Due date` are two. */
export const wordsOfName = (name: string): string[] =>
  wordsOf(name.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')).map(stem)

/** The language that most of the small words are of. */
export function languageOf(text: string): 'en' | 'de' {
  const words = wordsOf(text.slice(0, 5000))
  const german = words.filter(word => GERMAN.has(word)).length + (/[äöüß]/i.test(text) ? 1 : 0)
  return german > words.filter(word => ENGLISH.has(word)).length ? 'de' : 'en'
}

/** A number that follows from a text and looks like chance (FNV-1a, stirred once more). */
export function hashOf(text: string): number {
  let hash = 2166136261
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return (hash ^ (hash >>> 15)) >>> 0
}

/** A text that is at most so long, not cut within a letter. */
export function clip(text: string, most: number): string {
  const cut = text.slice(0, Math.max(0, most))
  return /[\uD800-\uDBFF]$/.test(cut) && cut.length < text.length ? cut.slice(0, -1) : cut
}
