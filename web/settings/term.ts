/** How long a key may live, in days. */
export const TERMS = ['7', '30', '90', '365', 'never'] as const

/** How long a key may live. */
export type Term = (typeof TERMS)[number]

/** When a key made now ends; null for never. */
export const ends = (term: Term, now: number): string | null =>
  term === 'never' ? null : new Date(now + Number(term) * 86_400_000).toISOString()
