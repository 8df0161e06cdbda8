import type { Block } from '#sdk/define.ts'
import type { Library } from '#sdk/library.ts'
import { outletsOf } from '#sdk/outlets.ts'
import { hinted, inputOf, jsonSchema } from '#workflows/check/schema.ts'
import { names, outcome, signature } from './signature.ts'

/** The most letters of blocks that are told in full, in brief and by a line each: about 9,300, 1,500 and 500 tokens. */
export const ROOM = { full: 36_000, brief: 6_000, line: 2_000 }

/** A block as a node names it. */
export type Used = { block: string; version?: number | undefined }

const texts = new WeakMap<Block, string>()

/** The blocks as a model reads them: those that the request may need in full, others in brief, as far as there is room. */
export function catalogue(library: Library, request: string, used: readonly Used[] = [], room = ROOM): string {
  const own = [...new Set(used.flatMap(({ block, version }) => find(library, block, version) ?? []))]
  const words = wordsOf(request)
  const rest = library.blocks.filter(block => !own.includes(block))
  const ranked = rest
    .map((block, at) => ({ block, at, score: RANK[block.group] + 2 * met(words, block) }))
    .sort((one, other) => other.score - one.score || one.at - other.at)
  const left = { ...room }
  const told = new Map<Block, string>()
  for (const block of [...own, ...ranked.map(one => one.block)]) {
    const [full, brief] = [inFull(block), inBrief(block)]
    if (full.length <= left.full) {
      left.full -= full.length
      told.set(block, full)
    } else if (brief.length <= left.brief) {
      left.brief -= brief.length
      told.set(block, brief)
    }
  }
  // In the order of the library, so that providers know the beginning again when only the request is another.
  const texts = [...library.blocks, ...own].flatMap((block, at, all) =>
    all.indexOf(block) === at ? (told.get(block) ?? []) : [],
  )
  const others = rest.filter(block => !told.has(block)).map(({ id, about }) => `${id}: ${firstOf(about)}`)
  const lines = others.filter((_, at) => others.slice(0, at + 1).join('\n').length <= left.line)
  return [
    `# Blocks\n\n${texts.join('\n\n')}`,
    ...(lines.length > 0 ? [`# More blocks, in short\n\n${lines.join('\n')}`] : []),
  ].join('\n\n')
}

/** These blocks with everything about them, for a model that has misread them. */
export const explained = (library: Library, used: readonly Used[]): string =>
  [...new Set(used.flatMap(({ block, version }) => find(library, block, version) ?? []))]
    .map(block => inFull(block, true))
    .join('\n\n')

const find = (library: Library, id: string, version?: number) =>
  version === undefined ? library.newest(id) : library.find(id, version)

/** What a workflow is hardly ever without comes before what a request must name. */
const RANK: Record<Block['group'], number> = { start: 3, flow: 3, ai: 3, data: 2, service: 1 }

function inFull(block: Block, whole = false): string {
  const known = whole ? undefined : texts.get(block)
  if (known !== undefined) return known
  const { id, about, outlets = ['main'], example, verbatim = [], later = [], perTurn = [], credentials = [] } = block
  const depend = 'each' in outlets ? ['(as the params say; here those of the example)'] : []
  const outs = [...outletsOf(outlets, example.input), ...depend]
  const lines = [
    `## ${id}${marksOf(block)}`,
    about,
    `params: ${signature(inputOf(block), whole)}`,
    ...(block.start || outs.join() === 'main' ? [] : [`outlets: ${outs.join(', ') || 'none'}`]),
    `output: ${outcome(jsonSchema(block.output, 'output'))}`,
    ...(credentials.length > 0
      ? [`credential: ${credentials.map(one => one.id).join(' or ')}${block.credentialNeeded === true ? ' (needed)' : ''}`]
      : []),
    ...(verbatim.length > 0 ? [`no {{ }} in: ${verbatim.join(', ')}`] : []),
    ...(later.length > 0 ? [`{{ ${block.start ? 'trigger' : 'item'} }} in: ${later.join(', ')}`] : []),
    ...(perTurn.length > 0 ? [`sees the nodes inside: ${perTurn.join(', ')}`] : []),
    `example: ${JSON.stringify(shown(block))}`,
  ]
  const text = lines.join('\n')
  if (!whole) texts.set(block, text)
  return text
}

/** The parameters of the example without what should stand in a credential. */
function shown(block: Block): unknown {
  const input = structuredClone(block.example.input)
  for (const { path } of hinted(block, input, 'secret')) {
    const holder = path.slice(0, -1).reduce<unknown>((value, part) => Reflect.get(Object(value), part), input)
    Reflect.deleteProperty(Object(holder), path.at(-1) ?? '')
  }
  return input
}

function inBrief(block: Block): string {
  return `## ${block.id}${marksOf(block)}\n${firstOf(block.about)}\nparams: ${names(inputOf(block))}`
}

const marksOf = ({ start, loop }: Block) =>
  `${start ? ' (starts a workflow)' : ''}${loop === 'calls' ? ' (container of tools)' : loop ? ' (container)' : ''}`

const firstOf = (about: string) => about.split(/(?<=\.)\s/)[0] ?? about

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []

/** How many words of a request a block speaks of. */
function met(words: readonly string[], { id, title, about }: Block): number {
  const own = new Set(wordsOf(`${id} ${title} ${about}`))
  const kin = (word: string) =>
    own.has(word) || (word.length > 3 && [...own].some(one => one.startsWith(word) || (word.startsWith(one) && one.length > 3)))
  return new Set(words.filter(kin)).size
}
