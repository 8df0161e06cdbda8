import type { Block } from './catalogue.ts'

/** Words that people say, in English and German, for what blocks call otherwise. */
const ALSO: readonly (readonly [said: string, meant: string])[] = [
  ['loop schleife iterate wiederholen iterieren', 'each repeat'],
  ['jedes jede jeden', 'each'],
  ['liste eintrag eintraege items array', 'list each split'],
  ['condition bedingung wenn falls else sonst branch verzweigung abzweigen filtern', 'if switch filter'],
  ['case fall faelle weiche route', 'switch'],
  ['delay sleep pause warten verzoegern verzoegerung', 'wait'],
  ['mail email post nachricht message', 'email mail'],
  ['schedule zeitplan cron uhrzeit taeglich wecker timer', 'schedule cron time'],
  ['start starten beginn manuell hand trigger ausloeser', 'start hand webhook schedule event'],
  ['request anfrage aufruf abruf api rest fetch download curl', 'http request'],
  ['code javascript skript script programm funktion', 'code javascript'],
  ['approve freigabe genehmigung mensch person human', 'approve approval'],
  ['set setzen feld felder variable', 'set fields'],
  ['join zusammenfuehren verbinden vereinen mischen', 'merge join'],
  ['stop ende beenden abbrechen fail fehler error', 'stop fail'],
  ['sort sortieren reihenfolge', 'sort'],
  ['sum summe zaehlen zusammenzaehlen rechnen durchschnitt gruppieren', 'aggregate sum'],
  ['table tabelle excel csv kalkulation', 'table csv'],
  ['template vorlage text', 'template text'],
  ['unique doppelt doppelte duplikate dedupe', 'unique duplicates'],
  ['answer antwort antworten reply rueckmeldung', 'respond reply answer'],
  ['subworkflow unterablauf ablauf aufrufen', 'workflow'],
  ['agent assistent ki ai llm gpt modell model prompt', 'agent ai model write chat'],
  ['translate uebersetzen uebersetzung sprache', 'translate'],
  ['summarize zusammenfassen zusammenfassung', 'summarize'],
  ['classify einordnen klassifizieren kategorie label', 'classify'],
  ['extract auslesen entnehmen herauslesen', 'extract'],
  ['image bild zeichnen malen', 'image draw'],
  ['group gruppe rahmen', 'group'],
  ['event ereignis', 'event emit'],
  ['note notiz zettel', 'note'],
]

/** Without capitals and accents; ä is found by ae as well as by a. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/ä/g, 'ae')
    .replace(/ö/g, 'oe')
    .replace(/ü/g, 'ue')
    .replace(/ß/g, 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')

const meanings = ALSO.map(([said, meant]) => ({ said: said.split(' '), meant: meant.split(' ') }))

function meantBy(word: string): string[] {
  if (word.length < 2) return []
  return meanings.filter(({ said }) => said.some(one => one.startsWith(word))).flatMap(({ meant }) => meant)
}

type Text = { title: string; words: string[]; all: string }
const texts = new WeakMap<Block, Text>()

function textOf(block: Block): Text {
  const known = texts.get(block)
  if (known) return known
  const title = plain(block.title)
  const near = plain(`${block.title} ${block.id.replace(/[.]/g, ' ')} ${block.id.replace(/([A-Z])/g, ' $1')}`)
  const made = {
    title,
    words: near.split(/[^a-z0-9]+/).filter(Boolean),
    all: plain(`${near} ${block.about} ${block.group} ${block.connector}`),
  }
  texts.set(block, made)
  return made
}

/** How well a block fits one word: 0 is not at all. */
function fit({ title, words, all }: Text, word: string): number {
  if (title === word) return 10
  if (title.startsWith(word)) return 8
  if (words.some(one => one.startsWith(word))) return 6
  if (meantBy(word).some(one => words.includes(one))) return 4
  if (title.includes(word)) return 3
  return word.length > 2 && all.includes(word) ? 1 : 0
}

/** The blocks that fit all the words, the best first; without words all of them in their order. */
export function searchBlocks(blocks: readonly Block[], query: string): Block[] {
  const words = plain(query)
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
  if (words.length === 0) return [...blocks]
  return blocks
    .map((block, at) => {
      const fits = words.map(word => fit(textOf(block), word))
      return { block, at, score: fits.includes(0) ? 0 : fits.reduce((sum, one) => sum + one, 0) }
    })
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.at - b.at)
    .map(({ block }) => block)
}

/** Blocks that do nothing and lead nowhere are notes; the canvas has notes of its own. */
export const isRemark = ({ outlets, start, output }: Block): boolean =>
  outlets?.length === 0 && start === null && output.type === 'null'
