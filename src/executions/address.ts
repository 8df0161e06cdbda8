import { createHmac, timingSafeEqual } from 'node:crypto'
import type { World } from '#world.ts'
import type { Shell } from './shell.ts'

/** Makes the addresses of callbacks, which say where they lead and cannot be guessed, and reads them. */
export function makeAddresses({ vault, place }: Pick<World, 'vault' | 'place'>): Pick<Shell, 'callbackUrl' | 'callbackOf'> {
  const secret = vault.secret('callbacks')
  return {
    callbackUrl(execution, path) {
      const name = Buffer.from(`${execution} ${path}`).toString('base64url')
      return `${place()}/callbacks/${name}.${sign(secret, name)}`
    },
    callbackOf(token) {
      const [name = '', given = ''] = token.split('.')
      const right = Buffer.from(sign(secret, name))
      const shown = Buffer.from(given)
      if (right.length !== shown.length || !timingSafeEqual(right, shown)) return null
      const [execution = '', path = ''] = Buffer.from(name, 'base64url').toString().split(' ')
      return { execution, path }
    },
  }
}

const sign = (secret: Buffer, name: string) => createHmac('sha256', secret).update(name).digest('base64url').slice(0, 22)
