import { createHmac, timingSafeEqual } from 'node:crypto'
import type { World } from '#world.ts'

const HOUR = 3_600_000

/** What tokens are good for, and for how long: a form that was opened, a file for a form, an execution, a file of its output. */
const LIVES = { opened: HOUR, sent: 24 * HOUR, follow: 24 * HOUR, file: HOUR } as const
type Purpose = keyof typeof LIVES

type Needed = Pick<World, 'vault' | 'clock'>

/** A token that says what it is good for, of which form, until when; `parts` have no blanks. */
export function issue({ vault, clock }: Needed, purpose: Purpose, parts: readonly string[]): string {
  const text = [purpose, clock.now() + LIVES[purpose], ...parts].join(' ')
  const name = Buffer.from(text).toString('base64url')
  return `${name}.${sign(vault, name)}`
}

/** The parts of a token of ours that is good for this and still is; null for any other. */
export function parts({ vault, clock }: Needed, purpose: Purpose, token: string): string[] | null {
  const [name = '', given = ''] = token.split('.')
  if (!same(given, sign(vault, name))) return null
  const [is, until, ...rest] = Buffer.from(name, 'base64url').toString().split(' ')
  return is === purpose && Number(until) > clock.now() ? rest : null
}

/** Are they the same? Neither the length nor the place of a difference shows in the time. */
export function same(one: string, other: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compared').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

const sign = (vault: World['vault'], name: string) => createHmac('sha256', vault.secret('forms')).update(name).digest('base64url')
