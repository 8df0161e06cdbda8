import { createTransport } from 'nodemailer'
import { Fault } from '#errors.ts'
import type { Mail } from './mail.ts'

/** A mail server that does not answer must not hold a request longer than this. */
const PATIENCE = 15_000

/** Sends mail by SMTP. */
export function smtpMail(url: string, from: string): Mail {
  const timeouts = { connectionTimeout: PATIENCE, greetingTimeout: PATIENCE, socketTimeout: PATIENCE }
  const transport = createTransport({ url, pool: true, maxConnections: 2, disableFileAccess: true, disableUrlAccess: true, ...timeouts })
  return {
    configured: true,
    async send({ to, subject, text }) {
      try {
        // The address as an object: a comma or a quote in it cannot add another recipient.
        await transport.sendMail({ from, to: { name: '', address: to }, subject, text })
      } catch (cause) {
        throw new Fault('mail.not_sent', { cause })
      }
    },
    close: async () => transport.close(),
  }
}
