import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { leave } from '#sdk/ending.ts'
import { isObject } from '#sdk/given.ts'
import { models, settingsOf } from './ask.ts'
import { checkOf, type Schema } from './json.ts'
import { type Label, labels, told } from './labels.ts'
import { CREDENTIALS, files, how, material, outcome, repairs, system, which } from './params.ts'
import { askShaped } from './shape.ts'
import { neededSubject, together } from './subject.ts'

/** Where it goes when no class fits. */
const NONE = 'none'
/** Outlets that a node has anyway. */
const TAKEN = ['main', NONE, 'error']

const Verdict = z.object({ reason: z.string(), labels: z.array(z.string()), confidence: z.number().min(0).max(1) })

/** Says to which classes something belongs, and goes on by them. */
export const classify = defineBlock({
  id: 'ai.classify',
  version: 1,
  title: 'Classify',
  about:
    'Says which of your classes a text or a picture belongs to, and goes on by the outlet of each that fits, else by “none”. “main” is always taken.',
  group: 'ai',
  icon: 'tags',
  input: z.strictObject({
    text: material('What is to be judged, such as {{ trigger.body.text }}.'),
    files,
    classes: labels(TAKEN).meta({
      title: 'Classes',
      description: 'Names, or names with what belongs to each. Each is an outlet of the node.',
      ui: 'list',
    }),
    several: z.boolean().default(false).meta({
      title: 'Several at once',
      description: 'It may belong to more than one class, and then goes on by all of them.',
    }),
    instructions: z.string().optional().meta({
      title: 'What to mind',
      description: 'Such as: complaints about an invoice are billing.',
      ui: 'longtext',
    }),
    minConfidence: z.number().min(0).max(1).default(0).meta({
      title: 'Least confidence',
      description: 'From 0 to 1. Where the model is less sure, no class fits.',
      section: 'Limits',
      advanced: true,
    }),
    system: system.meta({ advanced: true }),
    repairs,
    ...which('demo/writer', 'text'),
    ...how,
  }),
  output: z
    .object({
      label: z.string().nullable().meta({ title: 'Class', description: 'The one that fits best; null where none does.' }),
      labels: z.array(z.string()).meta({ title: 'Classes', description: 'All that fit, the best first.' }),
      confidence: z.number().meta({ title: 'Confidence', description: 'How sure the model says it is, from 0 to 1.' }),
      reason: z.string().meta({ title: 'Why', description: 'In one sentence.' }),
      repairs: z.int().meta({ title: 'Repairs', description: 'How often an answer had to be mended.' }),
      ...outcome,
    })
    .meta({ title: 'Verdict' }),
  outlets: { each: 'classes', first: ['main'], last: [NONE] },
  effect: 'repeatable',
  credentials: CREDENTIALS,
  example: {
    input: {
      model: 'openai/gpt-5-mini',
      text: 'I was charged twice this month.',
      classes: [{ name: 'billing', description: 'Invoices, prices and refunds.' }, 'bug', 'question'],
    },
    output: {
      label: 'billing',
      labels: ['billing'],
      confidence: 0.97,
      reason: 'The customer was charged twice.',
      repairs: 0,
      model: 'openai/gpt-5-mini',
      usage: { inputTokens: 160, outputTokens: 30, cachedTokens: 0, reasoningTokens: 0 },
      cost: 0.0001,
      finishReason: 'stop',
    },
  },
  async run(params, context) {
    const { parts, rule } = await neededSubject(params, context)
    const { classes, several } = params
    const schema = schemaFor(classes, several)
    const { first, outcome } = models(context, params)
    const {
      value,
      repairs: mended,
      finish,
    } = await first(one =>
      askShaped(
        one,
        {
          system: together(params.system, taskFor(classes, several), params.instructions, rule),
          messages: [{ role: 'user', parts }],
          ...settingsOf(params),
        },
        { schema, check: checkOf(schema), repairs: params.repairs, tidy: tidyFor(classes) },
        context,
      ),
    )
    const verdict = verdictIn(value, several)
    const fitting = verdict.confidence < params.minConfidence ? [] : verdict.labels
    return leave(
      'main',
      {
        label: fitting[0] ?? null,
        labels: fitting,
        confidence: verdict.confidence,
        reason: verdict.reason,
        repairs: mended,
        ...outcome(),
        finishReason: finish,
      },
      fitting.length > 0 ? fitting : [NONE],
    )
  },
})

const taskFor = (classes: readonly Label[], several: boolean) =>
  `Say which of these classes the material belongs to${several ? '; it may be more than one, the best first' : ''}, or ${NONE} where none of them fits. First say why, in one short sentence, then the class, then how sure you are, from 0 to 1.\n${told(classes)}`

function schemaFor(classes: readonly Label[], several: boolean): Schema {
  const one = { type: 'string', enum: [...classes.map(({ name }) => name), NONE] }
  return {
    type: 'object',
    properties: {
      reason: { type: 'string' },
      ...(several ? { labels: { type: 'array', items: one } } : { label: one }),
      confidence: { type: 'number', minimum: 0, maximum: 1 },
    },
    required: ['reason', several ? 'labels' : 'label', 'confidence'],
    additionalProperties: false,
  }
}

/** Capitals and blanks around a name are no reason to ask again. */
function tidyFor(classes: readonly Label[]): (value: unknown) => unknown {
  const names = new Map([...classes.map(({ name }) => name), NONE].map(name => [name.toLowerCase(), name]))
  const meant = (label: unknown) => (typeof label === 'string' ? (names.get(label.trim().toLowerCase()) ?? label) : label)
  return value => {
    if (!isObject(value)) return value
    const { label, labels: list } = value
    return {
      ...value,
      ...(label === undefined ? {} : { label: meant(label) }),
      ...(Array.isArray(list) ? { labels: list.map(meant) } : {}),
    }
  }
}

function verdictIn(value: unknown, several: boolean): z.output<typeof Verdict> {
  const all = isObject(value) ? value : {}
  const verdict = Verdict.parse(several ? all : { ...all, labels: [all.label] })
  return { ...verdict, labels: [...new Set(verdict.labels)].filter(label => label !== NONE) }
}
