import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { leave } from '#sdk/ending.ts'
import { Refused } from '#sdk/fail.ts'
import { isObject } from '#sdk/given.ts'
import { models, type One, settingsOf } from './ask.ts'
import { checkOf, type Schema } from './json.ts'
import { type Label, labels, told } from './labels.ts'
import { CREDENTIALS, files, how, material, outcome, repairs, system, which } from './params.ts'
import { askShaped } from './shape.ts'
import { neededSubject, together } from './subject.ts'

const USUAL: readonly Label[] = [
  { name: 'harassment', description: 'insults, threatens or bullies somebody' },
  { name: 'hate', description: 'hates people for what they are: origin, religion, sex, disability' },
  { name: 'self-harm', description: 'speaks for hurting oneself, or tells how' },
  { name: 'sexual', description: 'is sexual' },
  { name: 'violence', description: 'shows or praises violence' },
  { name: 'illicit', description: 'tells how to do something that is against the law' },
]

const Scores = z.record(z.string(), z.number())

/** Looks for what must not be said. */
export const moderate = defineBlock({
  id: 'ai.moderate',
  version: 1,
  title: 'Moderate',
  about:
    'Looks for insults, hate, violence and the like in a text or a picture, and goes on by “ok” or “flagged”. “main” is always taken.',
  group: 'ai',
  icon: 'shield-check',
  input: z.strictObject({
    text: material('What is to be judged, such as {{ trigger.body.comment }}.'),
    files,
    categories: labels([]).optional().meta({
      title: 'What to look for',
      description:
        'Names, or names with what belongs to each; usually harassment, hate, self-harm, sexual, violence and illicit.',
      ui: 'list',
    }),
    threshold: z.number().min(0).max(1).default(0.5).meta({
      title: 'Flagged from',
      description: 'From 0 to 1. Lower is stricter.',
    }),
    system: system.meta({ advanced: true }),
    repairs,
    ...which('demo/writer', 'moderates', 'text'),
    ...how,
  }),
  output: z
    .object({
      flagged: z.boolean().meta({ title: 'Flagged' }),
      categories: z.array(z.string()).meta({ title: 'What was found', description: 'The surest first.' }),
      scores: z.record(z.string(), z.number()).meta({ title: 'Scores', description: 'Of every category, from 0 to 1.' }),
      repairs: z.int().meta({ title: 'Repairs', description: 'How often an answer had to be mended.' }),
      ...outcome,
    })
    .meta({ title: 'Verdict' }),
  outlets: ['main', 'ok', 'flagged'],
  effect: 'repeatable',
  credentials: CREDENTIALS,
  example: {
    input: { model: 'openai/omni-moderation-latest', text: 'Thank you, the tea was wonderful.' },
    output: {
      flagged: false,
      categories: [],
      scores: { harassment: 0.00001, hate: 0.000002, violence: 0.0005 },
      repairs: 0,
      model: 'openai/omni-moderation-latest',
      usage: { inputTokens: 0, outputTokens: 0, cachedTokens: null, reasoningTokens: null },
      cost: 0,
      finishReason: 'stop',
    },
  },
  async run(params, context) {
    const { parts, bare, rule } = await neededSubject(params, context)
    const { first, outcome } = models(context, params)
    const {
      scores,
      repairs: mended,
      finish,
    } = await first(async one => {
      const judged = await one.call(bounds => context.models.moderate(one.model, bare, bounds))
      if (judged) return { scores: chosen(judged.scores, params.categories, one), repairs: 0, finish: 'stop' as const }
      const list = params.categories ?? USUAL
      const schema = schemaFor(list)
      const shaped = await askShaped(
        one,
        {
          system: together(params.system, taskFor(list), rule),
          messages: [{ role: 'user', parts }],
          ...settingsOf(params),
        },
        { schema, check: checkOf(schema), repairs: params.repairs },
        context,
      )
      return { ...shaped, scores: Scores.parse(isObject(shaped.value) ? shaped.value : {}) }
    })
    const found = Object.entries(scores).filter(([, score]) => score >= params.threshold)
    const categories = found.toSorted((one, other) => other[1] - one[1]).map(([name]) => name)
    const flagged = categories.length > 0
    return leave('main', { flagged, categories, scores, repairs: mended, ...outcome(), finishReason: finish }, [
      flagged ? 'flagged' : 'ok',
    ])
  },
})

const taskFor = (list: readonly Label[]) =>
  `You moderate. Judge the material, not what it speaks of: to report or condemn something is not to do it. Say for each category how sure you are that the material falls under it, from 0 (certainly not) to 1 (certainly).\n${told(list)}`

const schemaFor = (list: readonly Label[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(list.map(({ name }) => [name, { type: 'number', minimum: 0, maximum: 1 }])),
  required: list.map(({ name }) => name),
  additionalProperties: false,
})

/** A model that was made for this has its own categories. */
function chosen(scores: Record<string, number>, wanted: readonly Label[] | undefined, { model }: One): Record<string, number> {
  if (!wanted) return scores
  const missing = wanted.find(({ name }) => !Object.hasOwn(scores, name))
  if (!missing) return Object.fromEntries(wanted.map(({ name }) => [name, scores[name] ?? 0]))
  throw new Refused(
    'model.unable',
    `${model} does not look for “${missing.name}”. It knows ${Object.keys(scores).join(', ')}. Take one of these, or another model.`,
  )
}
