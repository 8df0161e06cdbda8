import { z } from 'zod'
import { givenIn, schemaOf } from '#sdk/answers.ts'
import { defineTrigger } from '#sdk/define.ts'
import { FormField, haveOwnNames, Share } from '#sdk/form.ts'
import { isObject } from '#sdk/given.ts'
import { formPassword } from './password.ts'

const Field = FormField.refine(
  field =>
    z
      .fromJSONSchema(Object(schemaOf([{ ...field, required: false }])))
      .safeParse(givenIn({ [field.name]: field.default ?? null })).success,
  { path: ['default'], error: 'The field cannot be answered like this.' },
)

/** A chat asks for the message alone, and for files where it has a field for them. */
const fitsChat = (fields: readonly FormField[]) =>
  fields.every(one => one.type === 'files' && one.name === 'files' && !one.required)

/** A person starts it, by hand, over the API, or by a page that was shared. */
export const manual = defineTrigger({
  id: 'manual.start',
  version: 1,
  title: 'Start by hand',
  about:
    'Starts when a person presses Run, by a call of the API, or by a form or chat that is shared by its link. What is given is the trigger’s value.',
  icon: 'play',
  start: { kind: 'manual', by: 'hand' },
  input: z
    .strictObject({
      fields: z
        .array(Field)
        .max(100)
        .default([])
        .refine(haveOwnNames, 'Two fields have the same name.')
        .meta({ title: 'Fields', description: 'What is asked for; an input without it is refused.', ui: 'list' }),
      schema: z.record(z.string(), z.unknown()).optional().meta({
        title: 'Schema',
        description: 'A JSON Schema that the input must fit. Where there are no fields, the form is made of it.',
        ui: 'json',
        advanced: true,
      }),
      share: Share.optional().meta({ title: 'Share', description: 'A page for people without an account: its link is the key.' }),
    })
    .refine(it => it.share?.as !== 'chat' || fitsChat(it.fields), {
      path: ['fields'],
      error: 'A chat asks for nothing but the message; only a field `files` of the kind files may stand beside it, not required.',
    }),
  output: z.unknown().meta({ title: 'Input' }),
  credentials: [formPassword],
  credentialNeeded: params => isObject(params) && isObject(params.share) && params.share.password === true,
  example: {
    input: { fields: [{ name: 'name', title: 'Your name', required: true }] },
    output: { name: 'Ada' },
  },
})
