import type { Block } from '#sdk/define.ts'
import type { Library } from '#sdk/library.ts'
import { hinted, inputOf, jsonSchema } from '#workflows/check/schema.ts'
import { signature } from './signature.ts'

/** The most letters of the blocks that are told in full, and of the others together: about 7,500 and 1,500 tokens. */
export const ROOM = { full: 27_000, short: 6_000 }

/** A block as a node names it. */
export type Used = { block: string; version?: number | undefined }

const texts = new WeakMap<Block, string>()

/** The blocks as a model reads them: those that the request may need in full, the others in a line, as far as there is room. */
export function catalogue(library: Library, request: string, used: readonly Used[] = []): string {
  const own = [...new Set(used.flatMap(({ block, version }) => find(library, block, version) ?? []))]
  const words = wordsOf(request)
  const rest = library.blocks.filter(block => !own.includes(block))
  const ranked = rest
    .map((block, at) => ({ block, at, score: RANK[block.group] + 2 * met(words, block) }))
    .sort((one, other) => other.score - one.score || one.at - other.at)
  let left = ROOM.full
  const full: Block[] = []
  for (const block of [...own, ...ranked.map(one => one.block)]) {
    const { length } = inFull(block)
    if (length > left) continue
    left -= length
    full.push(block)
  }
  const others = rest.filter(block => !full.includes(block))
  // In the order of the library, so that providers know the beginning again when only the request is another.
  const told = [...library.blocks, ...own].filter((block, at, all) => full.includes(block) && all.indexOf(block) === at)
  const short = shortened(others)
  return `# Blocks\n\n${told.map(inFull).join('\n\n')}${short === '' ? '' : `\n\n# More blocks, in short\n\n${short}`}`
}

/** These blocks in full, for a model that has misread them. */
export const explained = (library: Library, used: readonly Used[]): string =>
  [...new Set(used.flatMap(({ block, version }) => find(library, block, version) ?? []))].map(inFull).join('\n\n')

const find = (library: Library, id: string, version?: number) =>
  version === undefined ? library.newest(id) : library.find(id, version)

/** What a workflow is hardly ever without comes before what a request must name. */
const RANK: Record<Block['group'], number> = { start: 3, flow: 3, ai: 3, data: 2, service: 1 }

function inFull(block: Block): string {
  const known = texts.get(block)
  if (known !== undefined) return known
  const { id, about, outlets = ['main'], example, verbatim = [], later = [], perTurn = [], credentials = [] } = block
  const outs =
    typeof outlets === 'function' ? [...outlets(example.input), '(as the params say; here those of the example)'] : outlets
  const lines = [
    `## ${id}${block.start ? ' (starts a workflow)' : ''}${block.loop ? ' (container)' : ''}`,
    about,
    `params: ${signature(inputOf(block))}`,
    ...(block.start || outs.join() === 'main' ? [] : [`outlets: ${outs.join(', ') || 'none'}`]),
    `output: ${signature(jsonSchema(block.output, 'output'))}`,
    ...(credentials.length > 0
      ? [`credential: ${credentials.map(one => one.id).join(' or ')}${block.credentialNeeded === true ? ' (needed)' : ''}`]
      : []),
    ...(verbatim.length > 0 ? [`no {{ }} in: ${verbatim.join(', ')}`] : []),
    ...(later.length > 0 ? [`{{ ${block.start ? 'trigger' : 'item'} }} in: ${later.join(', ')}`] : []),
    ...(perTurn.length > 0 ? [`sees the nodes inside: ${perTurn.join(', ')}`] : []),
    `example: ${JSON.stringify(shown(block))}`,
  ]
  const text = lines.join('\n')
  texts.set(block, text)
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

function shortened(blocks: readonly Block[]): string {
  const lines = blocks.map(({ id, about }) => `${id}: ${about.split(/(?<=\.)\s/)[0]}`)
  const whole = lines.join('\n')
  return whole.length <= ROOM.short
    ? whole
    : blocks
        .map(({ id }) => id)
        .join(' ')
        .slice(0, ROOM.short)
}

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []

/** How many words of a request a block speaks of. */
function met(words: readonly string[], { id, title, about }: Block): number {
  const own = new Set(wordsOf(`${id} ${title} ${about}`))
  const kin = (word: string) =>
    own.has(word) || (word.length > 3 && [...own].some(one => one.startsWith(word) || (word.startsWith(one) && one.length > 3)))
  return new Set(words.filter(kin)).size
}
