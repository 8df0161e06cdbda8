import { z } from 'zod'

/** A question that people are asked, in a form or an approval, of one of these kinds; the first is meant where nothing is said. */
export const questionOf = <const Kind extends readonly [string, ...string[]]>(
  kinds: Kind,
  { answer, choices }: { answer: string; choices: readonly Kind[number][] },
) =>
  z.strictObject({
    name: z
      .string()
      .regex(/^[a-zA-Z_]\w{0,63}$/, 'A name has letters, digits and _.')
      .refine(name => name !== '__proto__', 'A name has letters, digits and _.')
      .meta({ title: 'Name', description: answer }),
    title: z.string().max(200).optional().meta({ title: 'Question' }),
    type: z.enum(kinds).default(kinds[0]).meta({ title: 'Kind' }),
    required: z.boolean().default(false).meta({ title: 'Must be answered' }),
    options: z
      .array(z.string().max(200))
      .max(200)
      .optional()
      .meta({ title: 'Choices', ui: 'list', when: { field: 'type', is: [...choices] } }),
    default: z.unknown().optional().meta({ title: 'Answer to begin with', advanced: true }),
  })

/** No two questions may have the same name. */
export const haveOwnNames = (fields: readonly { name: string }[]): boolean =>
  new Set(fields.map(one => one.name)).size === fields.length

/** What a field of a form can take. */
const FIELD_TYPES = [
  'text',
  'longtext',
  'number',
  'boolean',
  'choice',
  'multichoice',
  'date',
  'email',
  'url',
  'file',
  'files',
] as const

const CHOICES: readonly string[] = ['choice', 'multichoice']

/** A field of a form that starts a workflow. */
export const FormField = questionOf(FIELD_TYPES, {
  answer: 'The answer is then {{ trigger.name }}.',
  choices: ['choice', 'multichoice'],
})
  .extend({
    placeholder: z.string().max(200).optional().meta({ title: 'Example', advanced: true }),
    help: z.string().max(1000).optional().meta({ title: 'Help', description: 'What stands below the field.', advanced: true }),
    min: z.number().optional().meta({
      title: 'Least',
      description: 'Of a number its value, of a text its length, of choices and files how many.',
      advanced: true,
    }),
    max: z.number().optional().meta({ title: 'Most', description: 'As with the least.', advanced: true }),
  })
  .refine(it => !CHOICES.includes(it.type) || (it.options?.length ?? 0) > 0, 'A choice needs `options` to choose from.')
  .refine(it => it.min === undefined || it.max === undefined || it.min <= it.max, '`min` is larger than `max`.')
  .meta({ title: 'Field' })

/** A field as it is asked, with its defaults. */
export type FormField = z.output<typeof FormField>

/** How a trigger that is started by hand is shared with people who have no account. */
export const Share = z.strictObject({
  as: z.enum(['form', 'chat']).default('form').meta({
    title: 'As',
    description:
      'form: a page with the fields. chat: a page where each message starts the workflow and its output is the answer.',
  }),
  title: z.string().max(200).optional().meta({ title: 'Title' }),
  description: z.string().max(4000).optional().meta({ title: 'Description', ui: 'longtext' }),
  submit: z.string().max(60).optional().meta({ title: 'Words on the button' }),
  result: z.enum(['message', 'output', 'stream']).default('message').meta({
    title: 'Answer',
    description:
      'message: only that it was sent. output: what the workflow puts out, when it has ended. stream: the same, and what it answers before its end as soon as it does. A chat always shows the output.',
  }),
  message: z
    .string()
    .max(4000)
    .optional()
    .meta({
      title: 'Message',
      description: 'What is shown after sending.',
      ui: 'longtext',
      when: { field: 'result', is: ['message'] },
    }),
  password: z.boolean().default(false).meta({
    title: 'Ask for a password',
    description: 'The password stands in the credential of this node.',
  }),
})

/** How a trigger is shared. */
export type Share = z.output<typeof Share>
