import { z } from 'zod'
import type { Context } from '#sdk/context.ts'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import type { Part, Reply } from '#sdk/model.ts'
import { models, type Several, settingsOf } from './ask.ts'
import { eachOf } from './each.ts'
import { FILES_RULE, fence } from './fence.ts'
import { long } from './long.ts'
import { opened, written } from './material.ts'
import { CREDENTIALS, files, how, material, outcome, system, which } from './params.ts'
import { piecesOf, tokensIn } from './pieces.ts'
import { together } from './subject.ts'

const WORDS = { headline: 12, short: 50, medium: 150, long: 400 }
/** Notes about a piece have at least so many words, that the whole can still be told from them. */
const LEAST_NOTES = 200

const STYLES = {
  text: 'as running text',
  bullets: 'as bullet points, each on a line of its own that begins with “- ”',
}

const Input = z.strictObject({
  text: material('What is to be summarized, such as {{ fetch.body }}. It may be as long as a book.'),
  files,
  length: z.enum(['headline', 'short', 'medium', 'long']).default('medium').meta({
    title: 'Length',
    description: 'headline: one line. short: about 50 words. medium: 150. long: 400.',
  }),
  words: z.int().min(1).max(5_000).optional().meta({ title: 'Words', description: 'Instead of the length.', advanced: true }),
  style: z.enum(['text', 'bullets']).default('text').meta({ title: 'Form' }),
  language: z.string().max(100).optional().meta({
    title: 'Language',
    description: 'Such as German. Left out, that of the text.',
  }),
  focus: z.string().optional().meta({
    title: 'What matters',
    description: 'Such as: decisions and who is to do what by when.',
    ui: 'longtext',
  }),
  ...long,
  system: system.meta({ advanced: true }),
  ...which('demo/writer', 'text'),
  ...how,
})

type Params = z.output<typeof Input>

/** Tells a text in short. */
export const summarize = defineBlock({
  id: 'ai.summarize',
  version: 1,
  title: 'Summarize',
  about: 'Tells a text in short. A long one is read piece by piece, and what was found is put together.',
  group: 'ai',
  icon: 'list-collapse',
  input: Input,
  output: z
    .object({
      text: z.string().meta({ title: 'Summary' }),
      pieces: z.int().meta({ title: 'Pieces', description: 'In how many it was read.' }),
      ...outcome,
    })
    .meta({ title: 'Summary' }),
  effect: 'repeatable',
  credentials: CREDENTIALS,
  example: {
    input: {
      model: 'anthropic/claude-haiku-4-5',
      text: 'On Monday the council decided to build a new bridge. It will cost 12 million euros and be ready in two years.',
      length: 'headline',
    },
    output: {
      text: 'Council builds a new bridge for 12 million euros',
      pieces: 1,
      model: 'anthropic/claude-haiku-4-5',
      usage: { inputTokens: 120, outputTokens: 14, cachedTokens: 0, reasoningTokens: null },
      cost: 0.00019,
      finishReason: 'stop',
    },
  },
  async run(params, context) {
    const pieces = await piecesIn(params, context)
    const several = models(context, params)
    const words = params.words ?? WORDS[params.length]
    const parts = pieces.length === 1 ? (pieces[0] ?? []) : await gathered(pieces, params, several, context, words)
    const reply = await told(several, parts, orderFor(params, words), params, { live: true })
    if (reply.finish === 'length') context.log('The summary ends because no more tokens were allowed.')
    return { text: reply.text, pieces: pieces.length, ...several.outcome(), finishReason: reply.finish }
  },
})

/** Texts are cut where they are long; what only the model can read is a piece of its own. */
async function piecesIn({ text, files: given, pieceTokens }: Params, context: Context): Promise<Part[][]> {
  const shown = await opened(given, context)
  const isText = (type: string) => /^text\/|^application\/json\b/i.test(type)
  const texts = [written(text), ...shown.flatMap(({ type, bytes }) => (isText(type) ? [new TextDecoder().decode(bytes)] : []))]
  const whole = texts.filter(one => one.trim() !== '').join('\n\n')
  const cut = piecesOf(whole, pieceTokens).filter(piece => piece.trim() !== '')
  const pieces: Part[][] = [
    ...cut.map((piece): Part[] => [{ is: 'text', text: piece }]),
    ...shown.filter(({ type }) => !isText(type)).map((file): Part[] => [file]),
  ]
  if (pieces.length > 0) return pieces
  throw new Refused('input.missing', '`text` is empty, so there is nothing to summarize. Fill it in, such as {{ fetch.body }}.')
}

/** Notes about every piece, and notes about those as long as they are too many to be read at once. */
async function gathered(pieces: Part[][], params: Params, several: Several, context: Context, words: number): Promise<Part[]> {
  const enough = Math.max(LEAST_NOTES, words)
  const note = async (parts: Part[], order: string, signal: AbortSignal) =>
    (
      await told(
        several,
        parts,
        `${order} Summarize it in at most ${enough} words. Keep names, numbers, dates and decisions.`,
        params,
        { signal },
      )
    ).text
  context.log(`It is read in ${pieces.length} pieces.`)
  let notes = await eachOf(pieces, params.atOnce, context, (parts, at, signal) =>
    note(parts, `This is part ${at + 1} of ${pieces.length} of something long.`, signal),
  )
  while (notes.length > 2 && tokensIn(notes.join('')) > params.pieceTokens) {
    const groups = grouped(notes, params.pieceTokens)
    context.log(`The notes about them are too long to be read at once and are put together in ${groups.length} groups.`)
    notes = await eachOf(groups, params.atOnce, context, (group, _at, signal) =>
      note([{ is: 'text', text: group.join('\n\n') }], 'These are notes about parts of something long, in their order.', signal),
    )
  }
  return [{ is: 'text', text: notes.join('\n\n') }]
}

/** As many as can be read at once, and two at least, so that they become fewer. */
function grouped(notes: readonly string[], most: number): string[][] {
  const groups: string[][] = []
  let size = 0
  for (const note of notes) {
    const last = groups.at(-1)
    size += tokensIn(note)
    if (last && (last.length < 2 || size <= most)) last.push(note)
    else {
      groups.push([note])
      size = tokensIn(note)
    }
  }
  return groups
}

async function told(
  { first }: Several,
  parts: readonly Part[],
  order: string,
  params: Params,
  way: { live?: boolean; signal?: AbortSignal },
): Promise<Reply> {
  const [text] = parts.flatMap(part => (part.is === 'text' ? [part.text] : []))
  const fenced = text === undefined ? null : fence(text)
  const shown = fenced
    ? [{ is: 'text' as const, text: `${order}\n\n${fenced.text}` }]
    : [{ is: 'text' as const, text: order }, ...parts]
  const reply = await first(one =>
    one.ask(
      {
        system: together(params.system, fenced?.rule ?? FILES_RULE),
        messages: [{ role: 'user', parts: shown }],
        ...settingsOf(params),
      },
      way,
    ),
  )
  return { ...reply, text: fenced ? fenced.bare(reply.text) : reply.text.trim() }
}

function orderFor({ length, style, language, focus }: Params, words: number): string {
  const form = length === 'headline' ? 'as a headline in one line' : STYLES[style]
  const tongue = language?.trim() ? `Write in ${language.trim()}.` : 'Write in the language of the material.'
  const matter = focus?.trim() ? ` What matters: ${focus.trim()}` : ''
  return `Summarize it in at most ${words} words, ${form}. ${tongue} Answer with the summary alone.${matter}`
}
