import { z } from 'zod'
import { defineCredential } from '#sdk/define.ts'

/** What somebody must know to open a shared form or chat. */
export const formPassword = defineCredential({
  id: 'form.password',
  title: 'Password of a form',
  about: 'The password that a shared form or chat asks for.',
  fields: z.strictObject({ password: z.string().min(1).max(200).meta({ title: 'Password', ui: 'secret' }) }),
})
