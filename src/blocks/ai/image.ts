import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { models } from './ask.ts'
import { save } from './material.ts'
import { CREDENTIALS, outcome, which } from './params.ts'

/** Draws pictures. */
export const image = defineBlock({
  id: 'ai.image',
  version: 1,
  title: 'Draw a picture',
  about: 'Draws one or more pictures of what you describe and keeps them as files.',
  group: 'ai',
  icon: 'image',
  input: z.strictObject({
    prompt: z.string().trim().min(1).max(32_000).meta({
      title: 'What to draw',
      description: 'Such as: a cup of tea on a wooden table in the morning sun, watercolour.',
      ui: 'longtext',
    }),
    n: z.int().min(1).max(10).default(1).meta({ title: 'How many' }),
    size: z
      .string()
      .trim()
      .regex(/^([1-9]\d{1,4}x[1-9]\d{1,4}|[1-9]\d?:[1-9]\d?)$/, 'Write it as 1024x1024 or 16:9.')
      .optional()
      .meta({ title: 'Size', description: 'Such as 1024x1024, or 16:9. Left out, that of the model; each model has its own.' }),
    name: z.string().trim().min(1).max(100).default('picture').meta({ title: 'Name of the files', advanced: true }),
    seed: z.int().min(0).optional().meta({
      title: 'Seed',
      description: 'The same number makes the same picture likelier, where the model knows seeds.',
      section: 'Answer',
      advanced: true,
    }),
    ...which('demo/painter', 'draws'),
  }),
  output: z
    .object({
      files: z.array(z.unknown()).meta({ title: 'Pictures', description: 'As files.' }),
      file: z.unknown().meta({ title: 'First picture' }),
      ...outcome,
    })
    .meta({ title: 'Pictures' }),
  effect: 'repeatable',
  credentials: CREDENTIALS,
  example: {
    input: { model: 'openai/gpt-image-1', prompt: 'A cup of tea on a wooden table, watercolour', size: '1024x1024' },
    output: {
      files: [{ id: 'file_1', name: 'picture-1.png', type: 'image/png', size: 181_245, url: '/api/files/file_1' }],
      file: { id: 'file_1', name: 'picture-1.png', type: 'image/png', size: 181_245, url: '/api/files/file_1' },
      model: 'openai/gpt-image-1',
      usage: { inputTokens: 14, outputTokens: 1056, cachedTokens: null, reasoningTokens: null },
      cost: 0.04231,
      finishReason: 'stop',
    },
  },
  async run({ prompt, n, size, seed, name, ...params }, context) {
    const { first, outcome } = models(context, params)
    const wanted = { prompt, count: n, ...(size === undefined ? {} : { size }), ...(seed === undefined ? {} : { seed }) }
    const { images } = await first(one => one.call(bounds => context.models.draw(one.model, wanted, bounds)))
    if (images.length < n) context.log(`The model has made ${images.length} of ${n} pictures.`)
    const files = []
    for (const [at, picture] of images.entries()) files.push(await save(picture, `${name}-${at + 1}`, context))
    return { files, file: files[0] ?? null, ...outcome(), finishReason: 'stop' as const }
  },
})
