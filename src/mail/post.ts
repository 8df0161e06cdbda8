import { Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import type SmtpTransport from 'nodemailer/lib/smtp-transport'
import { Fault } from '#errors.ts'
import { hasControl, readMailbox, readMailboxes } from './address.ts'
import type { Delivery, Parcel } from './mail.ts'
import { troubleOf } from './trouble.ts'

/** Where it goes, in whose name, and what it is called in messages. */
type Way = { options: SmtpTransport.Options; from: string; host: string; signal?: AbortSignal | undefined }

/** Servers look at large mails for a while before they answer. */
const PATIENCE = 30_000

/** The whole of it, so that a server that says a word now and then holds nobody for ever. */
const LONGEST = 10 * 60_000

/** Hands one mail to one server, over a connection of its own. */
export async function post(parcel: Parcel, { options, from, host, signal }: Way): Promise<Delivery> {
  const patience = { connectionTimeout: PATIENCE, greetingTimeout: PATIENCE, socketTimeout: PATIENCE }
  const { logger, wholly } = watching()
  const transport = createTransport({ ...patience, ...options, logger, disableFileAccess: true, disableUrlAccess: true })
  const limit = AbortSignal.timeout(LONGEST)
  const letter = { ...letterOf(parcel, from), signal: signal ? AbortSignal.any([signal, limit]) : limit }
  try {
    const { messageId, accepted, rejected } = await transport.sendMail(letter)
    return { id: messageId, accepted: accepted.map(addressOf), rejected: rejected.map(addressOf) }
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw troubleOf(error, host, wholly())
  } finally {
    transport.close()
  }
}

/** The log of nodemailer is where it tells that the last byte has left; until then the server cannot have taken the mail. */
function watching() {
  let left = false
  const nothing = () => {}
  const info = (entry: { tnx?: string }) => {
    if (entry.tnx === 'message') left = true
  }
  const logger = { level: nothing, trace: nothing, debug: nothing, info, warn: nothing, error: nothing, fatal: nothing }
  return { logger, wholly: () => left }
}

const addressOf = (one: string | { address: string }) => (typeof one === 'string' ? one : one.address)

function letterOf({ to, cc = [], bcc = [], replyTo, subject, text, html, attachments = [] }: Parcel, from: string) {
  if (hasControl(subject)) throw new Fault('mail.refused', { message: 'The subject has a line break in it.' })
  return {
    from: readMailbox(from),
    to: to.map(readMailbox),
    cc: cc.map(readMailbox),
    bcc: bcc.map(readMailbox),
    ...(replyTo === undefined ? {} : { replyTo: readMailboxes(replyTo) }),
    subject,
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    attachments: attachments.map(({ name, type, bytes }) => ({
      filename: name.replace(/\p{Cc}/gu, ' '),
      contentType: /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream',
      content: Readable.from(bytes),
    })),
  }
}
