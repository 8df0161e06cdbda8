import { Fault, messageOf } from '#errors.ts'

const LONGEST = 500

/** Why a mail was not sent. `wholly`: the last byte had left, so the server may have taken it. */
export function troubleOf(error: unknown, host: string, wholly: boolean): Fault {
  if (error instanceof Fault) return error
  const status = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const cause = error
  if (status >= 400 && status < 600) {
    const answer = error instanceof Error && 'response' in error ? String(error.response) : messageOf(error)
    const words = answer.replace(/\p{Cc}+/gu, ' ').trim()
    const about = code === 'EAUTH' ? 'did not accept the user name and the password' : 'did not take the mail'
    const message = `${host} ${about}. It answered: ${words.slice(0, LONGEST)}`
    return new Fault(status < 500 ? 'mail.later' : 'mail.refused', { message, cause })
  }
  if (code === 'ESTREAM')
    return new Fault('mail.not_sent', { message: `An attachment could not be read to its end, so nothing was sent.`, cause })
  if (code === 'EAUTH') return new Fault('mail.refused', { message: `Signing in at ${host} failed: ${messageOf(error)}.`, cause })
  if (wholly)
    return new Fault('mail.in_doubt', {
      message: `The connection to ${host} broke after the mail was handed over and before the answer. It may have been sent.`,
      cause,
    })
  return new Fault('mail.not_sent', { message: `The mail was not sent: ${host} ${wordsFor(code, messageOf(error))}.`, cause })
}

function wordsFor(code: string, message: string): string {
  if (/ECONNREFUSED/.test(code + message)) return 'refused the connection: nothing listens at this port'
  if (code === 'ETIMEDOUT' || /timeout/i.test(message)) return 'did not answer in time'
  if (code === 'ETLS' || /certificate|wrong version|SSL/i.test(message))
    return `and we could not agree on a secure connection (${message.slice(0, LONGEST)}); check the port and the encryption that are set`
  if (/closed|ECONNRESET/i.test(message)) return 'hung up'
  return `could not be used (${message.slice(0, LONGEST)})`
}
