import { connect, type LookupFunction, type Socket } from 'node:net'
import { Fault } from '#errors.ts'
import type { Delivery, Mail, Parcel } from './mail.ts'
import { troubleOf } from './trouble.ts'

/** A mail server of somebody's own. */
export type Server = {
  host: string
  port: number
  /** TLS from the first byte. */
  secure: boolean
  /** Without `secure`: true insists on changing to TLS, false never does; left out, it changes if the server can. */
  starttls?: boolean
  user?: string
  password?: string
}

/** Decides which hosts may be reached; that of outbound calls does it. */
export type HostGuard = { check(host: string): void; readonly lookup: LookupFunction }

/** A server that does not answer must not hold an execution longer than this. */
const PATIENCE = 10_000

/** Sends what a workflow wrote: by the server of the installation, or by one that the guard lets us reach. */
export async function sendLetter(
  mail: Mail,
  parcel: Parcel,
  server: Server | null,
  guard: HostGuard,
  signal?: AbortSignal,
): Promise<Delivery> {
  if (server === null) return mail.deliver(parcel, signal)
  const from = parcel.from ?? server.user
  if (from === undefined || !from.includes('@'))
    throw new Fault('mail.refused', { message: 'The mail has no sender. Fill in who it is from.' })
  const { host, port, secure, starttls, user, password } = server
  guard.check(host)
  // nodemailer is loaded by the first mail.
  const { post } = await import('./post.ts')
  const options = {
    host,
    port,
    secure,
    requireTLS: starttls === true,
    ignoreTLS: starttls === false && !secure,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    getSocket(_options: unknown, done: (error: Error | null, made: { connection: Socket } | false) => void) {
      reach(host, port, guard).then(
        connection => done(null, { connection }),
        error => done(troubleOf(error, host, false), false),
      )
    },
  }
  return post(parcel, { options, from, host, signal })
}

/** Connects to an address that was checked, whatever the name means a moment later. */
function reach(host: string, port: number, guard: HostGuard): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, lookup: guard.lookup })
    const timer = setTimeout(() => socket.destroy(new Error('timeout')), PATIENCE)
    const end = () => {
      clearTimeout(timer)
      socket.removeListener('error', failed)
    }
    const failed = (error: Error) => {
      end()
      reject(error)
    }
    socket.once('error', failed)
    socket.once('connect', () => {
      end()
      resolve(socket)
    })
  })
}
