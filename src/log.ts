import { Writable } from 'node:stream'
import { type DestinationStream, type Logger, pino } from 'pino'

/** Structured log lines: a message for a person, fields for a program. */
export type Log = {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(fields: object): Log
}

type Options = { level: string; format: 'json' | 'text'; out?: DestinationStream }

const MASK = '•••'

/** Fields whose values nobody may read, however they are written: `newPassword`, `x-api-key`, `set-cookie`. A number is none: `inputTokens`. */
const SECRET =
  /pass(?:word|phrase)|secret|token|authorization|cookie|api[-_]?key|private[-_]?key|otp\b|^(?:key|code|codes|values)$/i

/** Secrets that stand inside of a text: after their scheme, in an address, in a cookie, or one of our API keys. */
const INSIDE =
  /(\b(?:Bearer|Basic)\s+)[\w.~+/=-]{8,}|(:\/\/[^\s:/?#@]*:)[^\s/?#@]+(?=@)|([?&;\s](?:[\w.-]*(?:token|secret|password|key|code|state)[\w.-]*)=)[^&;\s"']+|(\bpp_[\w-]{3})[\w-]{17,}/gi

/** More than this of one text helps nobody, and what is logged may come from outside. */
const LONGEST = 8_000
const DEEPEST = 5
const MOST = 50

/** What waits for a reader of the log that does not read; beyond it lines are lost, and the server goes on. */
const WAITING = 16 * 2 ** 20

/** A log of JSON lines, or of plain lines for a person at a terminal. What is secret is masked. */
export function makeLog({ level, format, out }: Options): Log {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      serializers: { err: (value: unknown) => value },
      formatters: { log: fields => maskFields(fields, 0) },
      hooks: {
        logMethod([fields, message], method) {
          method.call(this, fields, maskText(String(message)))
        },
      },
    },
    out ?? (format === 'text' ? plain(process.stdout) : lines()),
  )
  return named(log)
}

/** What is said in every line of a child does not come by the formatter. */
const named = (log: Logger): Log => ({
  debug: log.debug.bind(log),
  info: log.info.bind(log),
  warn: log.warn.bind(log),
  error: log.error.bind(log),
  child: fields => named(log.child(maskFields(fields, 0))),
})

/** A log that says nothing. */
export const silent: Log = pino({ level: 'silent' })

function maskFields(fields: object, depth: number): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields).slice(0, MOST))
    out[name] =
      SECRET.test(name) && (typeof value === 'string' || (typeof value === 'object' && value !== null))
        ? MASK
        : mask(value, depth + 1)
  return out
}

function mask(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return '…'
  if (value instanceof Error) return tell(value, depth)
  if (value instanceof Date) return value
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`
  if (Array.isArray(value)) return value.slice(0, MOST).map(one => mask(one, depth + 1))
  return maskFields(value, depth)
}

function maskText(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return shown.replace(INSIDE, (_all, ...kept) => `${kept.slice(0, 4).find(Boolean) ?? ''}${MASK}`)
}

/** Of an error only what we know: libraries hang rows, requests and settings on theirs. */
function tell(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack = '', cause } = error
  const code: unknown = 'code' in error ? error.code : undefined
  const errors = error instanceof AggregateError ? error.errors.slice(0, 3).map(one => mask(one, depth + 1)) : undefined
  return {
    type: name,
    message: maskText(message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: maskText(stack),
    ...(cause === undefined ? {} : { cause: mask(cause, depth + 1) }),
    ...(errors ? { errors } : {}),
  }
}

/** Lines on the standard output, written beside the work: nobody waits for whoever reads them. */
function lines(): DestinationStream {
  const out = pino.destination({ dest: 1, sync: false, maxLength: WAITING })
  // There is no other place to say that the log cannot be written, and no reason to stop working.
  out.on('error', () => {})
  return out
}

const LEVELS: Record<number, string> = {
  20: '\x1b[90mdebug\x1b[0m',
  30: '\x1b[36minfo\x1b[0m',
  40: '\x1b[33mwarn\x1b[0m',
  50: '\x1b[31merror\x1b[0m',
}

function plain(stream: NodeJS.WritableStream): Writable {
  stream.on('error', () => {})
  return new Writable({
    write(chunk, _encoding, done) {
      const { level, time, message, ...fields } = JSON.parse(String(chunk))
      const rest = Object.entries(fields).map(([name, value]) => `${name}=${written(value)}`)
      stream.write(
        `\x1b[90m${String(time).slice(11, 19)}\x1b[0m ${LEVELS[level] ?? level} ${visible(message)} \x1b[90m${rest.join(' ')}\x1b[0m\n`,
      )
      done()
    },
  })
}

const written = (value: unknown) => visible(typeof value === 'string' ? value : JSON.stringify(value))

/** What comes from outside must not move the cursor or begin a line of its own. */
const visible = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]/gu, letter => JSON.stringify(letter).slice(1, -1))
