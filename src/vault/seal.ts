import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** A master key: 32 bytes, and the name rows know it by. */
export type Key = { readonly id: string; readonly bytes: Uint8Array }

/** What a value belongs to, such as `['credential', workspace, id]`. It opens only when told the same again. */
export type About = readonly [purpose: string, ...ids: string[]]

/** A value sealed with a data key of its own, and that data key wrapped by a master key. */
export type Sealed = { keyId: string; wrapped: string; sealed: string }

const CIPHER = 'aes-256-gcm'
const VERSION = 'v1'
const IV = 12
const TAG = 16

/** 32 bytes that nobody can guess. */
export const freshSecret = () => randomBytes(32)

/** Seals bytes with a new data key. */
export function seal(master: Key, about: About, plain: Uint8Array): Sealed {
  const data = freshSecret()
  const it = {
    keyId: master.id,
    wrapped: encrypt(master.bytes, ['data key', ...about], data),
    sealed: encrypt(data, ['value', ...about], plain),
  }
  data.fill(0)
  return it
}

/** Opens what `seal` made; throws when the key or what it belongs to differs, or when a bit has changed. */
export function open(master: Key, about: About, { wrapped, sealed }: Pick<Sealed, 'wrapped' | 'sealed'>): Buffer {
  const data = decrypt(master.bytes, ['data key', ...about], wrapped)
  const plain = decrypt(data, ['value', ...about], sealed)
  data.fill(0)
  return plain
}

/** The same data key wrapped by another master key; the value is not touched. */
export function rewrap(from: Key, to: Key, about: About, wrapped: string): string {
  const data = decrypt(from.bytes, ['data key', ...about], wrapped)
  const again = encrypt(to.bytes, ['data key', ...about], data)
  data.fill(0)
  return again
}

function encrypt(key: Uint8Array, about: string[], plain: Uint8Array): string {
  const iv = randomBytes(IV)
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG }).setAAD(bound(about))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return `${VERSION}.${Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')}`
}

function decrypt(key: Uint8Array, about: string[], text: string): Buffer {
  const [version, coded = ''] = text.split('.')
  if (version !== VERSION) throw new Error(`sealed in an unknown way: ${version?.slice(0, 8)}`)
  const bytes = Buffer.from(coded, 'base64url')
  if (bytes.length < IV + TAG) throw new Error('sealed text is cut off')
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV), { authTagLength: TAG })
  decipher.setAAD(bound(about)).setAuthTag(bytes.subarray(bytes.length - TAG))
  return Buffer.concat([decipher.update(bytes.subarray(IV, bytes.length - TAG)), decipher.final()])
}

/** As JSON, so that no two lists of names give the same bytes. */
const bound = (about: string[]) => Buffer.from(JSON.stringify(about))
