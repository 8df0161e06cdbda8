import { createTransport } from 'nodemailer'
import { Fault } from '#errors.ts'
import { readMailbox } from './address.ts'
import type { Mail } from './mail.ts'
import { post } from './post.ts'

/** A mail server that does not answer must not hold a request longer than this. */
const PATIENCE = 8_000

/** Sends mail by SMTP. */
export function smtpMail(url: string, from: string): Mail {
  const timeouts = { connectionTimeout: PATIENCE, greetingTimeout: PATIENCE, socketTimeout: PATIENCE }
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...timeouts,
  })
  const sending = new Set<Promise<unknown>>()
  async function keep<T>(work: Promise<T>): Promise<T> {
    sending.add(work)
    try {
      return await work
    } finally {
      sending.delete(work)
    }
  }
  return {
    configured: true,
    async send({ to, subject, text }) {
      // The address as an object: a comma or a quote in it cannot add another recipient.
      const mail = transport.sendMail({ from, to: { name: '', address: to }, subject, text })
      await keep(mail).catch(cause => {
        throw new Fault('mail.not_sent', { cause })
      })
    },
    // Not over the pool, which sends again what a connection broke off: an attachment can be read only once.
    deliver(parcel, signal) {
      const { from: author, replyTo = author, ...rest } = parcel
      const answers = replyTo === undefined ? rest : { ...rest, replyTo }
      return keep(post(answers, { options: { url }, from: named(author, from), host: new URL(url).hostname, signal }))
    },
    async close() {
      await Promise.allSettled(sending)
      transport.close()
    },
  }
}

/** The name of the author with our address: servers refuse to send in the name of others, and nobody should be able to. */
function named(author: string | undefined, from: string): string {
  const name = author === undefined ? '' : readMailbox(author).name
  return name === '' ? from : `${JSON.stringify(name)} <${readMailbox(from).address}>`
}
