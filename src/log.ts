import { Writable } from 'node:stream'
import { type DestinationStream, pino } from 'pino'

/** Structured log lines: a message for a person, fields for a program. */
export type Log = {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(fields: object): Log
}

type Options = { level: string; format: 'json' | 'text'; out?: DestinationStream }

const SECRET = ['password', 'token', 'secret', 'authorization', 'cookie', 'key', 'code']
const LEVELS: Record<number, string> = {
  20: '\x1b[90mdebug\x1b[0m',
  30: '\x1b[36minfo\x1b[0m',
  40: '\x1b[33mwarn\x1b[0m',
  50: '\x1b[31merror\x1b[0m',
}

/** A log of JSON lines, or of plain lines for a person at a terminal. Fields named like secrets are masked. */
export function makeLog({ level, format, out }: Options): Log {
  const target = out ?? (format === 'text' ? plain(process.stdout) : pino.destination({ dest: 1, sync: true }))
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      redact: { paths: SECRET.flatMap(name => [name, `*.${name}`]), censor: '•••' },
    },
    target,
  )
}

/** A log that says nothing. */
export const silent: Log = pino({ level: 'silent' })

function plain(stream: NodeJS.WritableStream): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      const { level, time, message, ...fields } = JSON.parse(String(chunk))
      const rest = Object.entries(fields).map(
        ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      )
      stream.write(
        `\x1b[90m${String(time).slice(11, 19)}\x1b[0m ${LEVELS[level] ?? level} ${message} \x1b[90m${rest.join(' ')}\x1b[0m\n`,
      )
      done()
    },
  })
}
