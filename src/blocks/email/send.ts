import { z } from 'zod'
import type { Context, MailLetter, MailServer } from '#sdk/context.ts'
import { defineBlock } from '#sdk/define.ts'
import { Refused, TryLater } from '#sdk/fail.ts'
import { addressesOf } from './addresses.ts'
import { serverOf, smtp } from './smtp.ts'

const Addresses = z.union([z.string(), z.array(z.string())])
const File = z.union([z.string().min(1), z.looseObject({ id: z.string().min(1) })])

/** Most servers take less, and whoever writes to more people than this wants a service for newsletters. */
const MOST_BYTES = 50 * 2 ** 20
const MOST_PEOPLE = 500

const several = 'One address, several with commas, or a list; with a name: Ann <ann@example.org>.'

const Input = z.strictObject({
  to: Addresses.meta({ title: 'To', description: several }),
  subject: z.string().meta({ title: 'Subject' }),
  text: z.string().optional().meta({ title: 'Text', description: 'Plain text.', ui: 'longtext' }),
  html: z.string().optional().meta({
    title: 'HTML',
    description: 'Shown instead of the text where the reader can. Escape what strangers wrote: {{ name | escape }}.',
    ui: 'code',
  }),
  attachments: z
    .union([File, z.array(File).max(100)])
    .optional()
    .meta({
      title: 'Attachments',
      description: 'Files, or their ids.',
      ui: 'file',
    }),
  from: z.string().optional().meta({
    title: 'From',
    description:
      'With your own mail server the sender. That of the installation sends in its own name, and answers go to this address.',
  }),
  cc: Addresses.optional().meta({ title: 'Copy (Cc)', description: several, advanced: true }),
  bcc: Addresses.optional().meta({ title: 'Blind copy (Bcc)', description: 'Nobody else sees these addresses.', advanced: true }),
  replyTo: Addresses.optional().meta({
    title: 'Answers to',
    description: 'Where answers go, if not to the sender.',
    advanced: true,
  }),
})

type Params = z.output<typeof Input>

/** Sends a mail. */
export const send = defineBlock({
  id: 'email.send',
  version: 1,
  title: 'Send e-mail',
  about: 'Sends a mail, with attachments if you like.',
  group: 'service',
  icon: 'mail',
  input: Input,
  output: z
    .object({
      messageId: z.string().meta({ title: 'Message id' }),
      accepted: z.array(z.string()).meta({ title: 'Accepted', description: 'Addresses that the mail server took.' }),
      rejected: z.array(z.string()).meta({ title: 'Rejected', description: 'Addresses that it did not take.' }),
    })
    .meta({ title: 'Mail' }),
  effect: 'once',
  credentials: [smtp],
  example: {
    input: { to: 'ann@example.org', subject: 'Your order', text: 'Thank you! It is on its way.' },
    output: { messageId: '<4f1c@example.org>', accepted: ['ann@example.org'], rejected: [] },
  },
  async run(params, context) {
    const server = serverOf(context)
    const { id, accepted, rejected } = await handOver(context, await letterOf(params, context), server)
    if (rejected.length > 0) context.log(`The mail server did not take these addresses: ${rejected.join(', ')}`)
    return { messageId: id, accepted, rejected }
  },
})

async function letterOf(params: Params, { files }: Context): Promise<MailLetter> {
  const [from, ...more] = addressesOf('from', params.from)
  if (more.length > 0) throw new Refused('email.bad_address', 'A mail has one sender; `from` names several.', { field: 'from' })
  const [to, cc, bcc] = [addressesOf('to', params.to), addressesOf('cc', params.cc), addressesOf('bcc', params.bcc)]
  const people = to.length + cc.length + bcc.length
  if (people === 0) throw new Refused('email.bad_address', 'The mail is for nobody: fill in `to`.', { field: 'to' })
  if (people > MOST_PEOPLE)
    throw new Refused('input.too_large', `The mail is for ${people} addresses; at most ${MOST_PEOPLE} are possible.`, {
      field: 'to',
    })
  const answers = addressesOf('replyTo', params.replyTo)
  return {
    ...(from === undefined ? {} : { from }),
    to,
    cc,
    bcc,
    ...(answers.length === 0 ? {} : { replyTo: answers.join(', ') }),
    subject: subjectOf(params.subject),
    ...textsOf(params),
    attachments: await opened(params.attachments ?? [], files),
  }
}

function subjectOf(text: string): string {
  const subject = text.trim()
  if (!/\p{Cc}/u.test(subject)) return subject
  throw new Refused('email.bad_subject', 'The subject has a line break or another control character in it. It is one line.', {
    field: 'subject',
  })
}

function textsOf({ text, html }: Params): Pick<MailLetter, 'text' | 'html'> {
  if (text === undefined && html === undefined)
    throw new Refused('input.invalid', 'The mail is empty: fill in `text`, `html` or both.', { field: 'text' })
  return { ...(text === undefined ? {} : { text }), ...(html === undefined ? {} : { html }) }
}

async function opened(given: NonNullable<Params['attachments']>, files: Context['files']) {
  const attachments: NonNullable<MailLetter['attachments']> = []
  let total = 0
  for (const one of [given].flat()) {
    const { name, type, size, bytes } = await files.open(typeof one === 'string' ? one : one.id)
    total += size
    if (total > MOST_BYTES)
      throw new Refused(
        'input.too_large',
        `The attachments have more than ${MOST_BYTES} bytes, which mail servers do not take. Send a link instead.`,
        {
          field: 'attachments',
        },
      )
    attachments.push({ name, type, bytes })
  }
  return attachments
}

/** What the mail server says decides whether it is worth trying again. */
async function handOver(context: Context, letter: MailLetter, server: MailServer | undefined) {
  try {
    return await context.mail(letter, server)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const message = error instanceof Error ? error.message : String(error)
    // It said so before it took anything, or was never reached.
    if (code === 'mail.later' || code === 'mail.not_sent') throw caused(new TryLater(code, message), error)
    if (code.startsWith('mail.')) throw caused(new Refused(code, message), error)
    throw error
  }
}

function caused<T extends Error>(made: T, cause: unknown): T {
  made.cause = cause
  return made
}
