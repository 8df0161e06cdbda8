import type { ReactNode } from 'react'

/** One of many: its words, a line below them, and what else it is found by. */
export type Item = { value: string; label: string; about?: ReactNode; badge?: ReactNode; also?: string; group?: string }

/** More than these nobody looks through; a word narrows them down. */
const MOST = 200

/** The items that have every word of what was typed somewhere; those that begin with it come first within their group. */
export function narrow(items: readonly Item[], typed: string): Item[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return items.slice(0, MOST)
  return items
    .filter(({ value, label, also = '', group = '' }) => {
      const text = `${value} ${label} ${also} ${group}`.toLowerCase()
      return words.every(word => text.includes(word))
    })
    .slice(0, MOST)
}
