import { plain, stem, wordsOf } from './words.ts'

const groups = (lines: string): string[][] =>
  lines
    .trim()
    .split('\n')
    .map(line => wordsOf(line).map(stem))

/** Words that mean the same beside a value. */
const SAME = groups(`
  total gesamt gesamtbetrag summe gesamtsumme endbetrag rechnungsbetrag sum
  net netto
  gross brutto
  tax vat mwst ust steuer
  due fallig zahlbar deadline frist
  number no nr nummer num id
  invoice rechnung
  order bestellung auftrag
  customer kunde client
  date datum
  amount betrag
  phone telefon tel mobile handy
  company firma unternehmen
  skill kenntnisse fahigkeiten
  experience berufserfahrung erfahrung employment
  education ausbildung
  language sprache
  city ort stadt
  birth geburt born
  price preis
  quantity menge anzahl qty
  address adresse anschrift
  refund erstattung ruckerstattung
  urgent dringend asap immediately sofort eilig
  delivery shipping lieferung versand
  item position artikel
  question frage
  task aufgabe todo
  complaint beschwerde
  weather wetter forecast
  search find look suche lookup
  mail email
  send schicke sende`)

/** The words of some labels that people sort by, and what speaks for each: the names stand before the bar. */
const TOPICS: readonly (readonly [names: ReadonlySet<string>, signs: ReadonlySet<string>])[] = `
  positive positiv happy praise lob good | ${'great good love excellent thanks thank happy perfect amazing wonderful fantastic nice satisfied friendly best awesome recommend super toll gut gute guter danke zufrieden prima klasse freundlich begeistert hervorragend wunderbar empfehlen schnell'}
  negative negativ unhappy angry complaint beschwerde bad | ${'bad terrible awful hate poor disappointed disappointing angry annoyed worst broken unhappy slow rude useless problem frustrated frustrating unacceptable late crash error wrong fails schlecht schlechter enttauscht wutend arger argerlich kaputt furchtbar unzufrieden langsam unfreundlich mangelhaft unverschamt'}
  billing invoice payment finance rechnung abrechnung zahlung buchhaltung accounting | ${'invoice invoices billing bill payment pay paid charge charged refund credit card price subscription tax vat cost rechnung zahlung bezahlt bezahlen abbuchung abgebucht erstattung betrag konto lastschrift gutschrift mahnung'}
  bug technical error technik fehler defect incident problem support outage | ${'bug error crash crashes crashed broken fails failed fail failing exception freeze freezes bugs stack trace timeout blank wrong issue glitch loading fehler absturz sturzt kaputt funktioniert fehlermeldung defekt lädt hangt'}
  feature request idea suggestion wunsch vorschlag verbesserung | ${'feature wish suggestion suggest idea would add could improve improvement missing support roadmap vorschlag wunsch wunschen idee verbesserung hinzufugen fehlt'}
  account login access konto zugang anmeldung security | ${'account login password log sign locked access username reset profile konto passwort anmelden anmeldung zugang gesperrt benutzername einloggen'}
  shipping delivery order logistics versand lieferung bestellung | ${'shipping shipped delivery deliver delivered package parcel tracking arrive arrived order ordered courier lieferung geliefert paket versand versendet sendung bestellung zustellung'}
  refund return cancellation cancel kundigung retoure ruckgabe erstattung storno | ${'refund return returned cancel cancelled cancellation money back erstattung zuruck zuruckgeben kundigen kundigung stornieren storno widerruf retoure'}
  sales lead inquiry vertrieb verkauf anfrage quote offer | ${'buy purchase quote offer pricing demo interested licence license team plan enterprise upgrade kaufen angebot interesse preis lizenz bestellen anfrage'}
  question frage how info information | ${'how what where when question wondering wie wo wann frage fragen welche'}
  high urgent critical hoch dringend blocker asap | ${'urgent urgently asap immediately critical emergency now today down production outage dringend sofort umgehend eilig notfall kritisch heute'}
  low niedrig minor gering | ${'whenever minor small hurry typo cosmetic eventually kleinigkeit irgendwann'}
  spam advertising werbung | ${'win winner prize casino lottery click free viagra crypto bitcoin million gewinn gewonnen gratis kostenlos lotterie'}
  job application bewerbung hr career | ${'application apply applying cv resume position job interview vacancy bewerbung bewerbe lebenslauf stelle'}
  harassment insult belastigung beleidigung | ${'stupid idiot moron loser dumb ugly pathetic fool shut worthless dumm idiot blod trottel versager hasslich'}
  hate hass | ${'hate vermin subhuman inferior scum hasse ungeziefer abschaum untermenschen'}
  violence violent gewalt threat drohung | ${'kill murder stab shoot beat strangle massacre bomb torture toten umbringen erschiessen verprugeln erstechen'}
  harm suicide selbstverletzung suizid | ${'suicide selfharm overdose myself selbstmord umbringen ritzen'}
  sexual sex sexuell | ${'sex porn nude naked porno nackt'}
  illicit illegal | ${'cocaine heroin meth counterfeit steal stolen launder kokain gestohlen falschgeld'}
  appointment meeting termin scheduling calendar | ${'meeting appointment schedule call calendar slot available termin besprechung treffen verschieben uhrzeit'}
`
  .trim()
  .split('\n')
  .map(line => {
    const [names = '', signs = ''] = line.split('|')
    return [new Set(wordsOf(names).map(stem)), new Set(wordsOf(signs).map(stem))]
  })

/** A word and what means the same, as stems. */
const kinOf = (word: string): string[] => [...new Set([word, ...SAME.filter(group => group.includes(word)).flat()])]

/** Does a word say what another says, alone or as an end of a longer one: `Rechnungsnummer` says `number`? */
export const isKin = (word: string, wanted: string): boolean =>
  kinOf(wanted).some(one => word === one || (one.length > 3 && (word.startsWith(one) || word.endsWith(one))))

/** What speaks for a label. */
export function signsOf(label: string): Set<string> {
  const words = wordsOf(label).map(stem)
  const topics = TOPICS.filter(([names]) => words.some(word => names.has(word)))
  return new Set([...words.flatMap(kinOf), ...topics.flatMap(([, signs]) => [...signs])])
}

const NO = new Set([
  'not',
  'no',
  'never',
  'without',
  'nicht',
  'kein',
  'keine',
  'keinen',
  'keiner',
  'keinem',
  'nie',
  'ohne',
  't',
  'cannot',
  'neither',
  'nor',
  'weder',
])

/** The words of a text as stems, each with whether it is denied: “not good”, “kein Fehler”, “hilft nicht”. */
export function statements(text: string): { word: string; denied: boolean }[] {
  const sentences = plain(text).split(/[.!?;\n]+/)
  return sentences.flatMap(sentence => {
    const words = wordsOf(sentence)
    return words.map((word, at) => ({
      word: stem(word),
      denied: words.slice(Math.max(0, at - 3), at).some(one => NO.has(one)) || words[at + 1] === 'nicht',
    }))
  })
}
