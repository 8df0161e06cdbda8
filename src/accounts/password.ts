import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { Fault } from '#errors.ts'

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2)

/** 19 MiB, two passes: OWASP's first choice; 32 ms on the machine it was measured on. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 }
const LENGTH = 32

/** One core is left for everybody who is not signing in. */
const AT_ONCE = Math.max(1, availableParallelism() - 1)
const WAITING = 200

let running = 0
const waiting: (() => void)[] = []

/** Hashes a password with Argon2id, in the PHC text format. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const key = await turn(() => derive('argon2id', { message: password, nonce, tagLength: LENGTH, ...COST }))
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${plain(nonce)}$${plain(key)}`
}

/** Is it the password of this hash? The hash brings its own cost, so old ones stay valid when the cost is raised. */
export async function verifyPassword(hash: string, password: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt, key] =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(hash) ?? []
  if (!salt || !key) return false
  const wanted = Buffer.from(key, 'base64')
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const got = await turn(() =>
    derive('argon2id', { message: password, nonce: Buffer.from(salt, 'base64'), tagLength: wanted.length, ...cost }),
  )
  return timingSafeEqual(got, wanted)
}

const plain = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

/** Hashing takes memory and a core, so only so many are hashed at a time; past a long queue nobody more is let in. */
async function turn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= WAITING)
    throw new Fault('server.busy', { message: 'Too many people are signing in at this moment.', retryAfter: 5 })
  if (running >= AT_ONCE) await new Promise<void>(resolve => waiting.push(resolve))
  else running += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}
