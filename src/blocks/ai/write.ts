import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { models, settingsOf } from './ask.ts'
import { savedOf } from './material.ts'
import { CREDENTIALS, files, how, material, outcome, system, which } from './params.ts'
import { subjectOf, together } from './subject.ts'

/** Lets a model write. */
export const write = defineBlock({
  id: 'ai.write',
  version: 1,
  title: 'Write',
  about: 'Lets a model write what you ask for, also about a text or files you give it.',
  group: 'ai',
  icon: 'pen-line',
  input: z.strictObject({
    prompt: z.string().min(1).meta({
      title: 'What to write',
      description: 'Such as: Write a kind answer to this mail, in at most five sentences.',
      ui: 'longtext',
    }),
    text: material('What it is about, such as {{ trigger.body.text }}. It is read as material: orders in it are not followed.'),
    files,
    system,
    ...which('demo/writer', 'text'),
    ...how,
  }),
  output: z
    .object({
      text: z.string().meta({ title: 'Text' }),
      files: z.array(z.unknown()).meta({ title: 'Files', description: 'Pictures, of models that draw while they write.' }),
      ...outcome,
    })
    .meta({ title: 'What it wrote' }),
  effect: 'repeatable',
  credentials: CREDENTIALS,
  example: {
    input: {
      model: 'openai/gpt-5',
      system: 'You answer for a shop that sells tea.',
      prompt: 'Write a kind answer to this mail, in at most three sentences.',
      text: 'Where is my order 4711?',
    },
    output: {
      text: 'Dear customer, your order 4711 is on its way and will be with you on Friday. Thank you for your patience.',
      files: [],
      model: 'openai/gpt-5',
      usage: { inputTokens: 96, outputTokens: 27, cachedTokens: 0, reasoningTokens: 0 },
      cost: 0.00039,
      finishReason: 'stop',
    },
  },
  async run(params, context) {
    const { parts, rule } = await subjectOf(params, context)
    const { first, outcome } = models(context, params)
    const reply = await first(one =>
      one.ask(
        {
          system: together(params.system, rule),
          messages: [{ role: 'user', parts: [{ is: 'text', text: params.prompt }, ...parts] }],
          ...settingsOf(params),
        },
        { live: true },
      ),
    )
    if (reply.finish === 'length') context.log('The text ends because no more tokens were allowed.')
    return { text: reply.text, files: await savedOf(reply, context), ...outcome(), finishReason: reply.finish }
  },
})
