import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'

/** Runs JavaScript. */
export const code = defineBlock({
  id: 'core.code',
  version: 1,
  title: 'Run code',
  about: 'Runs JavaScript of your own. What it returns is the output. It has no network, no files and no packages.',
  group: 'data',
  icon: 'code',
  input: z.strictObject({
    code: z.string().min(1).max(1_000_000).meta({
      title: 'Code',
      description:
        'The body of an async function. It reads `input` and ends with `return`, for example: return { total: input.prices.length }. Templates mean nothing here: what comes from other nodes is given as input.',
      ui: 'code',
    }),
    input: z.unknown().default({}).meta({
      title: 'Input',
      description: 'What the code sees as `input`, for example {"prices": "{{ fetch.body.prices }}"}.',
      ui: 'json',
    }),
    timeout: z.number().int().min(1).max(300_000).default(10_000).meta({
      title: 'Time limit',
      description: 'Milliseconds after which it is stopped; at most five minutes.',
      advanced: true,
    }),
    memory: z
      .number()
      .int()
      .min(16)
      .max(256)
      .default(64)
      .meta({ title: 'Memory limit', description: 'Megabytes that it may use, 16 to 256.', advanced: true }),
  }),
  output: z.unknown().meta({ title: 'What it returned' }),
  verbatim: ['code'],
  effect: 'pure',
  example: {
    input: { code: 'return { n: input.n + 1 }', input: { n: 1 } },
    output: { n: 2 },
  },
  async run({ code: text, input, timeout, memory }, context) {
    const { value } = await context.script({ code: text, input, timeout, memory })
    return value
  },
})
