import { isObject } from '#sdk/given.ts'

/** How keys of well-known services look, and what people write before a password. */
const KEYS = [
  /\bsk-[\w-]{16,}/g,
  /\b(?:sk|pk|rk)_(?:live|test)_\w{10,}/g,
  /\bgh[pousr]_\w{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bglpat-[\w-]{16,}/g,
  /\bxox[abposr]-[\w-]{10,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bAIza[\w-]{30,}/g,
  /\bpp_\w{20,}/g,
  /\bwhsec_[\w+/=]{16,}/g,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /(?<=\b(?:Bearer|Basic)\s)[\w.~+/-]{12,}=*/g,
  /(?<=:\/\/[^\s/:@]{1,100}:)[^\s/@]{3,200}(?=@)/g,
]

/** Stands where a secret was. */
const TAKEN = '•••'

/** A text without what looks like a secret. */
export const withoutSecrets = (text: string): string =>
  KEYS.reduce((left, key) => left.replace(key, match => (match.includes('{{') ? match : TAKEN)), text)

/** Fields that hold nothing but a secret, by their name. */
const NAMES =
  /^(?:x-)?(?:api[-_ ]?key|authorization|password|passwd|token|access[-_ ]?token|auth[-_ ]?token|secret|client[-_ ]?secret)$/i

/** A value without what looks like a secret, and the paths at which there was one. */
export function cleaned(
  value: unknown,
  path: readonly (string | number)[] = [],
): { value: unknown; found: (string | number)[][] } {
  if (typeof value === 'string') {
    const name = String(path.at(-1) ?? '')
    const alone = NAMES.test(name) && value.trim().length > 5 && !value.includes('{{')
    const left = alone ? TAKEN : withoutSecrets(value)
    return left === value ? { value, found: [] } : { value: left, found: [[...path]] }
  }
  if (Array.isArray(value)) {
    const all = value.map((one, at) => cleaned(one, [...path, at]))
    return { value: all.map(one => one.value), found: all.flatMap(one => one.found) }
  }
  if (!isObject(value)) return { value, found: [] }
  const all = Object.entries(value).map(([name, one]) => [name, cleaned(one, [...path, name])] as const)
  return { value: Object.fromEntries(all.map(([name, one]) => [name, one.value])), found: all.flatMap(([, one]) => one.found) }
}
