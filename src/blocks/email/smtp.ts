import { z } from 'zod'
import type { Context, MailServer } from '#sdk/context.ts'
import { defineCredential } from '#sdk/define.ts'
import { Refused } from '#sdk/fail.ts'

/** A mail server of one's own. */
export const smtp = defineCredential({
  id: 'smtp',
  title: 'Mail server (SMTP)',
  about: 'Sends mail by a server of your own.',
  fields: z.strictObject({
    host: z.string().min(1).meta({ title: 'Host', description: 'Such as smtp.example.org.' }),
    port: z
      .string()
      .regex(/^\d{1,5}$/, 'This is no port.')
      .default('587')
      .meta({ title: 'Port', description: 'Mostly 587 with STARTTLS, 465 with TLS.' }),
    secure: z.enum(['tls', 'starttls', 'none']).default('starttls').meta({
      title: 'Encryption',
      description: 'tls: from the beginning. starttls: after the greeting, or not at all. none: only in a network of your own.',
    }),
    user: z.string().optional().meta({ title: 'User name', description: 'Empty where nobody has to sign in.' }),
    password: z.string().optional().meta({ title: 'Password', ui: 'secret' }),
  }),
})

/** The server of the node's credential; nothing means that of the installation. */
export function serverOf({ credential }: Context): MailServer | undefined {
  if (credential === null) return undefined
  const { host = '', port = '587', secure = 'starttls', user, password } = credential.values
  if (credential.kind !== smtp.id || host === '')
    throw new Refused(
      'credential.wrong_kind',
      'The credential of this node is none of a mail server. Choose one of the kind “Mail server (SMTP)”.',
    )
  const number = Number(port)
  if (!Number.isInteger(number) || number < 1 || number > 65_535)
    throw new Refused('credential.invalid', `The port of the mail server, ${port.slice(0, 20)}, is none from 1 to 65535.`)
  return {
    host,
    port: number,
    secure: secure === 'tls',
    ...(secure === 'tls' ? {} : { starttls: secure === 'starttls' }),
    ...(user ? { user } : {}),
    ...(password ? { password } : {}),
  }
}
