import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { Fault } from '#errors.ts'

/** Where answers to requests with an Idempotency-Key are kept. */
export type AnswerStore = {
  /** Claims a key: null when it was free, else what is known about it. */
  claim(
    caller: string,
    keyHash: string,
    requestHash: string,
  ): Promise<{ requestHash: string; status: number | null; sealed: string | null } | null>
  finish(caller: string, keyHash: string, status: number, sealed: string): Promise<void>
  release(caller: string, keyHash: string): Promise<void>
}

type Answer = { status: number; body: string }

/** Does a thing once for each key of a caller: the same key and request give the same answer, for a day. */
export type Once = (caller: string, key: string, request: string, act: () => Promise<Answer>) => Promise<Answer>

/** Longer than any way to make a key. */
const LONGEST = 200

/**
 * An answer may hold a secret that is shown once, so it is stored sealed with a key made from the Idempotency-Key itself,
 * of which only a hash is kept: whoever reads the database cannot open it. Hashes are keyed, because a request may hold a
 * password that can be guessed.
 */
export function makeOnce(store: AnswerStore, secret: Uint8Array): Once {
  const hash = (text: string) => createHmac('sha256', secret).update(text).digest('hex')
  /** What this process is about to answer: whoever sends the same meanwhile waits for it. */
  const running = new Map<string, Promise<Answer>>()

  async function settle(caller: string, key: string, keyHash: string, requestHash: string, act: () => Promise<Answer>) {
    const sealing = Buffer.from(hkdfSync('sha256', Buffer.concat([secret, Buffer.from(key)]), caller, 'promptpilot answer', 32))
    const known = await store.claim(caller, keyHash, requestHash)
    if (known) {
      if (known.requestHash !== requestHash) throw new Fault('request.key_reused')
      if (known.status === null || known.sealed === null) throw new Fault('request.in_doubt', { retryAfter: 1 })
      return { status: known.status, body: open(sealing, known.sealed) }
    }
    try {
      const answer = await act()
      await store.finish(caller, keyHash, answer.status, seal(sealing, answer.body))
      return answer
    } catch (error) {
      // A refusal changed nothing, so the key is free again. After anything else nobody knows: it stays in doubt.
      if (error instanceof Fault && error.status < 500) await store.release(caller, keyHash)
      throw error
    }
  }

  return async (caller, key, request, act) => {
    if (key === '' || key.length > LONGEST)
      throw new Fault('request.invalid', {
        details: [{ path: 'headers.idempotency-key', message: `must have 1 to ${LONGEST} characters` }],
      })
    const keyHash = hash(key)
    const requestHash = hash(request)
    const name = `${caller} ${keyHash} ${requestHash}`
    const same = running.get(name)
    if (same) return same
    const answer = settle(caller, key, keyHash, requestHash, act).finally(() => running.delete(name))
    running.set(name, answer)
    return answer
  }
}

function seal(key: Buffer, text: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

function open(key: Buffer, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8')
}
