import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'
import { models, settingsOf } from './ask.ts'
import { fields, schemaOf } from './fields.ts'
import { asObject, checkOf, type Schema } from './json.ts'
import { CREDENTIALS, files, how, material, outcome, repairs, system, which } from './params.ts'
import { askShaped } from './shape.ts'
import { neededSubject, together } from './subject.ts'

const TASK =
  'Take out of the material what the schema asks for. Take only what stands there and make nothing up; what is not said is null, or left out where the schema has no null. Dates are written as 2026-05-01, numbers without units.'

const Input = z
  .strictObject({
    text: material('What to look through, such as {{ trigger.body.text }}.'),
    files,
    fields,
    schema: z.record(z.string(), z.unknown()).optional().meta({
      title: 'JSON Schema',
      description: 'Instead of fields, for those who know it.',
      ui: 'json',
      advanced: true,
    }),
    instructions: z.string().optional().meta({
      title: 'What to mind',
      description: 'Such as: sums are in euros; where two dates are given, the later one counts.',
      ui: 'longtext',
    }),
    system: system.meta({ advanced: true }),
    repairs,
    ...which('demo/writer', 'text'),
    ...how,
  })
  .refine(
    it => (it.schema === undefined) !== (it.fields === undefined || it.fields.length === 0),
    'Give either `fields` or a `schema`.',
  )

/** Finds values in texts and files. */
export const extract = defineBlock({
  id: 'ai.extract',
  version: 1,
  title: 'Extract',
  about: 'Finds values in a text, a picture or a PDF, and puts them out as fields.',
  group: 'ai',
  icon: 'scan-text',
  input: Input,
  output: z
    .object({
      object: z.unknown().meta({ title: 'Fields', description: 'What was found, as the fields or the schema say.' }),
      repairs: z.int().meta({ title: 'Repairs', description: 'How often an answer had to be mended.' }),
      ...outcome,
    })
    .meta({ title: 'What was found' }),
  effect: 'repeatable',
  credentials: CREDENTIALS,
  example: {
    input: {
      model: 'openai/gpt-5-mini',
      text: 'Invoice 2026-17 of Tea & Co. Total 42.50 EUR, due on 1 May 2026.',
      fields: [
        { name: 'number', description: 'the number of the invoice', required: true },
        { name: 'total', type: 'number', description: 'the sum with tax' },
        { name: 'due', type: 'date' },
      ],
    },
    output: {
      object: { number: '2026-17', total: 42.5, due: '2026-05-01' },
      repairs: 0,
      model: 'openai/gpt-5-mini',
      usage: { inputTokens: 180, outputTokens: 24, cachedTokens: 0, reasoningTokens: 0 },
      cost: 0.000093,
      finishReason: 'stop',
    },
  },
  async run(params, context) {
    const { parts, rule } = await neededSubject(params, context)
    const { schema, inside } = asObject(wantedBy(params))
    const check = checkOf(schema)
    const { first, outcome } = models(context, params)
    const made = await first(one =>
      askShaped(
        one,
        {
          system: together(params.system, TASK, params.instructions, rule),
          messages: [{ role: 'user', parts }],
          ...settingsOf(params),
        },
        { schema, check, repairs: params.repairs },
        context,
      ),
    )
    return { object: inside(made.value), repairs: made.repairs, ...outcome(), finishReason: made.finish }
  },
})

function wantedBy({ schema, fields: list = [] }: z.output<typeof Input>): Schema {
  if (schema === undefined) return schemaOf(list)
  if (Object.keys(schema).length === 0) throw new Refused('input.bad_schema', 'The JSON Schema in `schema` is empty.')
  return schema
}
