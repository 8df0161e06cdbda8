import { z } from 'zod'
import type { Context } from '#sdk/context.ts'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import type { Message, Reply } from '#sdk/model.ts'
import { models, type One, settingsOf } from './ask.ts'
import { eachOf } from './each.ts'
import { fence } from './fence.ts'
import { lostIn } from './holes.ts'
import { long } from './long.ts'
import { written } from './material.ts'
import { CREDENTIALS, how, material, outcome, repairs, system, which } from './params.ts'
import { piecesOf } from './pieces.ts'
import { cutShort } from './shape.ts'
import { together } from './subject.ts'

const TASK =
  'You translate. Answer with the translation alone. Everything stays in its place: paragraphs, lists, Markdown, HTML tags and their attributes, code, addresses, emoji, and places to be filled such as {name}, {{ name }} and %s, which are not translated. Leave nothing out and add nothing.'

const TONES = {
  neutral: '',
  formal: 'Write formally and address people politely, as in a business letter.',
  friendly: 'Write in a friendly way and address people as friends.',
  simple: 'Write in simple words and short sentences.',
}

const Input = z.strictObject({
  text: material('What is to be translated, such as {{ trigger.body.text }}. It may be long.'),
  to: z.string().trim().min(2).max(100).meta({ title: 'To', description: 'A language, such as German or Brazilian Portuguese.' }),
  from: z.string().trim().max(100).optional().meta({ title: 'From', description: 'Left out, the model finds out.' }),
  tone: z.enum(['neutral', 'formal', 'friendly', 'simple']).default('neutral').meta({ title: 'Tone' }),
  glossary: z.record(z.string(), z.string()).default({}).meta({
    title: 'Glossary',
    description: 'How these words are to be translated; a word that is to stay stands on both sides.',
    ui: 'pairs',
  }),
  instructions: z.string().optional().meta({
    title: 'What to mind',
    description: 'Such as: it is the menu of a restaurant.',
    ui: 'longtext',
  }),
  ...long,
  repairs,
  system: system.meta({ advanced: true }),
  ...which('demo/writer', 'text'),
  ...how,
})

type Params = z.output<typeof Input>

/** Translates texts. */
export const translate = defineBlock({
  id: 'ai.translate',
  version: 1,
  title: 'Translate',
  about: 'Translates a text of any length and keeps its form, its tags and its places to be filled.',
  group: 'ai',
  icon: 'languages',
  input: Input,
  output: z
    .object({
      text: z.string().meta({ title: 'Translation' }),
      pieces: z.int().meta({ title: 'Pieces', description: 'In how many it was translated.' }),
      lost: z.array(z.string()).meta({
        title: 'Lost',
        description: 'Tags and places to be filled that the translation does not have, also after the repairs.',
      }),
      repairs: z.int().meta({ title: 'Repairs', description: 'How often an answer had to be mended.' }),
      ...outcome,
    })
    .meta({ title: 'Translation' }),
  effect: 'repeatable',
  credentials: CREDENTIALS,
  example: {
    input: { model: 'openai/gpt-5-mini', text: 'Hello {name}, your **tea** is ready.', to: 'German', tone: 'friendly' },
    output: {
      text: 'Hallo {name}, dein **Tee** ist fertig.',
      pieces: 1,
      lost: [],
      repairs: 0,
      model: 'openai/gpt-5-mini',
      usage: { inputTokens: 140, outputTokens: 14, cachedTokens: 0, reasoningTokens: 0 },
      cost: 0.000063,
      finishReason: 'stop',
    },
  },
  async run(params, context) {
    const text = written(params.text)
    if (text.trim() === '')
      throw new Refused(
        'input.missing',
        '`text` is empty, so there is nothing to translate. Fill it in, such as {{ fetch.body }}.',
      )
    const pieces = piecesOf(text, params.pieceTokens)
    if (pieces.length > 1) context.log(`It is translated in ${pieces.length} pieces.`)
    const { first, outcome } = models(context, params)
    const done = await eachOf(pieces, params.atOnce, context, (piece, _at, signal) =>
      first(one => translated(one, piece, params, context, { signal, live: pieces.length === 1 })),
    )
    const lost = done.flatMap(piece => piece.lost)
    if (lost.length > 0) context.log(`The translation has lost ${lost.slice(0, 20).join(', ')}.`)
    return {
      text: done.map(piece => piece.text).join(''),
      pieces: pieces.length,
      lost,
      repairs: done.reduce((sum, piece) => sum + piece.repairs, 0),
      ...outcome(),
      finishReason: 'stop' as const,
    }
  },
})

type Piece = { text: string; lost: string[]; repairs: number }

/** Translates one piece between the blanks that stand around it. A translation that has lost something is given back. */
async function translated(
  one: One,
  piece: string,
  params: Params,
  context: Context,
  way: { live: boolean; signal: AbortSignal },
): Promise<Piece> {
  const core = piece.trim()
  if (core === '') return { text: piece, lost: [], repairs: 0 }
  const start = piece.indexOf(core)
  const { text, rule, bare } = fence(core)
  const asked: Message = { role: 'user', parts: [{ is: 'text', text: `${orderFor(params)}\n\n${text}` }] }
  const question = { system: together(params.system, TASK, rule), ...settingsOf(params) }
  let messages: Message[] = [asked]
  for (let repairs = 0; ; repairs += 1) {
    const reply = await one.ask({ ...question, messages }, way)
    if (reply.finish === 'length') throw cutShort(one.model, reply)
    const translation = bare(reply.text)
    const lost = lostIn(core, translation)
    if (lost.length === 0 || repairs >= params.repairs)
      return { text: `${piece.slice(0, start)}${translation}${piece.slice(start + core.length)}`, lost, repairs }
    context.log(
      `${one.model}: repair ${repairs + 1} of ${params.repairs}: the translation has lost ${lost.slice(0, 20).join(', ')}`,
    )
    messages = [asked, ...again(reply, lost)]
  }
}

const again = ({ parts }: Reply, lost: readonly string[]): Message[] => [
  { role: 'assistant', parts },
  {
    role: 'user',
    parts: [
      {
        is: 'text',
        text: `Your translation has lost this, which must stand in it as it stood in the text: ${lost.slice(0, 50).join(' ')}\nAnswer again with the whole translation alone.`,
      },
    ],
  },
]

function orderFor({ to, from, tone, glossary, instructions }: Params): string {
  const words = Object.entries(glossary)
  return [
    `Translate it${from?.trim() ? ` from ${from.trim()}` : ''} to ${to}.`,
    TONES[tone],
    words.length > 0 ? `These words are translated so:\n${words.map(([one, other]) => `- ${one} = ${other}`).join('\n')}` : '',
    instructions?.trim() ? `Mind this: ${instructions.trim()}` : '',
  ]
    .filter(Boolean)
    .join('\n')
}
