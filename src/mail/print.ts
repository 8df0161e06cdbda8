import { Fault } from '#errors.ts'
import type { Log } from '#log.ts'
import type { Mail } from './mail.ts'

/** Where no mail server is set: the link stands in the log, for the operator to pass on. */
export function printMail(log: Log): Mail {
  return {
    configured: false,
    async send({ to, subject, link }) {
      log.warn({ to, link }, `${subject} (not mailed: SMTP_URL is not set)`)
    },
    async deliver() {
      throw new Fault('mail.none')
    },
    close: async () => {},
  }
}
