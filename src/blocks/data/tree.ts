import { Refused } from '#sdk/fail.ts'

/** About a second of work. */
const LONGEST = 5_000_000

/** How deep elements may stand in each other. */
export const DEEPEST = 100

/** How XML looks as an object, both ways. */
export const SHAPE = { ignoreAttributes: false, attributeNamePrefix: '@', textNodeName: '#text', maxNestedTags: DEEPEST }

/** The text, and how it is read. */
type Reading = { text: string; values: 'text' | 'guess'; lists: string[]; namespaces: boolean }

/** Makes an object of XML. */
export default async function readTree({ text, values, lists, namespaces }: Reading): Promise<unknown> {
  if (text.length > LONGEST)
    throw new Refused('input.too_large', `\`xml\` has ${text.length} characters; at most ${LONGEST} are possible.`)
  if (/<!ENTITY/i.test(text))
    throw new Refused(
      'xml.entities',
      '`xml` declares entities of its own, which are not read here for safety. Remove its DOCTYPE.',
    )
  const { XMLParser, XMLValidator } = await import('fast-xml-parser')
  const found = XMLValidator.validate(text, { allowBooleanAttributes: false })
  if (found !== true) throw new Refused('xml.broken', `\`xml\` is not well formed: ${found.err.msg} (line ${found.err.line}).`)
  const names = new Set(lists)
  const guess = values === 'guess'
  const parser = new XMLParser({
    ...SHAPE,
    parseTagValue: guess,
    parseAttributeValue: guess,
    numberParseOptions: { hex: false, leadingZeros: false, eNotation: true, skipLike: /^\+|\d{16}/ },
    removeNSPrefix: !namespaces,
    ignoreDeclaration: true,
    ignorePiTags: true,
    // Characters by number, such as &#228;, are decoded only together with the names of HTML.
    htmlEntities: true,
    isArray: name => names.has(name),
  })
  try {
    return parser.parse(text)
  } catch (error) {
    throw new Refused('xml.broken', `\`xml\` cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
}
