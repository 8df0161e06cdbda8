import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { models, type One } from './ask.ts'
import { written } from './material.ts'
import { CREDENTIALS, outcome, which } from './params.ts'

/** The vectors of more texts would be larger than an output may be. */
const MOST = 10_000

/** Turns texts into vectors. */
export const embed = defineBlock({
  id: 'ai.embed',
  version: 1,
  title: 'Embed',
  about: 'Turns texts into vectors: texts that mean something similar are near each other. For search by meaning.',
  group: 'ai',
  icon: 'orbit',
  input: z.strictObject({
    text: z.unknown().optional().meta({
      title: 'Text',
      description: 'A text, or a list of texts such as {{ split.items }}.',
      ui: 'longtext',
    }),
    batch: z.int().min(1).max(2_000).default(200).meta({
      title: 'Texts per call',
      section: 'Limits',
      advanced: true,
    }),
    ...which('demo/meaning', 'embeds'),
  }),
  output: z
    .object({
      vector: z.array(z.number()).nullable().meta({ title: 'Vector', description: 'Of the text; null where a list was given.' }),
      vectors: z.array(z.array(z.number())).meta({ title: 'Vectors', description: 'In the order of the texts.' }),
      dimensions: z.int().meta({ title: 'Dimensions', description: 'How many numbers a vector has.' }),
      ...outcome,
    })
    .meta({ title: 'Vectors', description: 'Only vectors of the same model can be compared.' }),
  effect: 'repeatable',
  credentials: CREDENTIALS,
  example: {
    input: { model: 'openai/text-embedding-3-small', text: 'A mild tea for the evening' },
    output: {
      vector: [0.012, -0.034, 0.056],
      vectors: [[0.012, -0.034, 0.056]],
      dimensions: 3,
      model: 'openai/text-embedding-3-small',
      usage: { inputTokens: 6, outputTokens: 0, cachedTokens: null, reasoningTokens: null },
      cost: 0.000001,
      finishReason: 'stop',
    },
  },
  async run({ text, batch, ...params }, context) {
    const texts = textsOf(text)
    const { first, outcome } = models(context, params)
    // Whoever begins does all of them: vectors of two models cannot be compared.
    const vectors = await first(one => all(one))
    const [only = null] = Array.isArray(text) ? [] : vectors
    return { vector: only, vectors, dimensions: vectors[0]?.length ?? 0, ...outcome(), finishReason: 'stop' as const }

    async function all(one: One): Promise<number[][]> {
      const made: number[][] = []
      for (let at = 0; at < texts.length; at += batch) {
        const some = texts.slice(at, at + batch)
        const { vectors: next } = await one.call(bounds => context.models.embed(one.model, some, bounds))
        if (next.length !== some.length)
          throw new Refused('model.bad_answer', `${one.model} made ${next.length} vectors of ${some.length} texts.`)
        for (const vector of next) made.push(vector)
      }
      return made
    }
  },
})

function textsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value]
  if (list.length > MOST)
    throw new Refused('input.too_large', `\`text\` has ${list.length} entries; at most ${MOST} are possible at once. Use a loop.`)
  return list.map((one, at) => {
    const text = written(one)
    if (text.trim() !== '') return text
    const where = Array.isArray(value) ? `\`text[${at}]\`` : '`text`'
    throw new Refused('input.missing', `${where} is empty, and what says nothing has no vector. Leave it out.`)
  })
}
