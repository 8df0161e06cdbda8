import { isObject } from '#sdk/given.ts'

/** Takes secrets out of what a service sent back. */
export type Mask = { text(text: string): string; value(value: unknown): unknown }

/** Shorter ones occur by chance in any text. */
const SHORTEST = 4

/** Makes a mask of these secrets. Some services repeat what was sent to them, in an answer or in an error. */
export function maskOf(secrets: readonly string[]): Mask {
  const words = new Set(
    secrets
      .filter(secret => secret.length >= SHORTEST)
      .flatMap(secret => [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)]),
  )
  function text(given: string): string {
    let out = given
    for (const word of words) out = out.replaceAll(word, '•••')
    return out
  }
  function value(given: unknown): unknown {
    if (words.size === 0) return given
    if (typeof given === 'string') return text(given)
    if (Array.isArray(given)) return given.map(value)
    return isObject(given) ? Object.fromEntries(Object.entries(given).map(([name, one]) => [text(name), value(one)])) : given
  }
  return { text, value }
}
