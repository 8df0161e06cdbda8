import { createTransport } from 'nodemailer'
import { Fault } from '#errors.ts'
import type { Mail } from './mail.ts'

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
  return {
    configured: true,
    async send({ to, subject, text }) {
      // The address as an object: a comma or a quote in it cannot add another recipient.
      const mail = transport.sendMail({ from, to: { name: '', address: to }, subject, text })
      sending.add(mail)
      try {
        await mail
      } catch (cause) {
        throw new Fault('mail.not_sent', { cause })
      } finally {
        sending.delete(mail)
      }
    },
    async close() {
      await Promise.allSettled(sending)
      transport.close()
    },
  }
}
