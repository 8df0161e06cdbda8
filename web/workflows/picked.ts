/** Which rows of a list are chosen, and from which one a range is drawn. */
export type Picked = { ids: ReadonlySet<string>; from: string | null }

/** Nothing is chosen. */
export const NONE: Picked = { ids: new Set(), from: null }

/** One more is chosen, or one less. */
export function toggled({ ids }: Picked, id: string): Picked {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return { ids: next, from: id }
}

/** Everything between the row a range began at and this one is chosen, too. */
export function reached(picked: Picked, order: readonly string[], id: string): Picked {
  const from = picked.from === null ? -1 : order.indexOf(picked.from)
  const to = order.indexOf(id)
  if (from < 0 || to < 0) return toggled(picked, id)
  const between = order.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { ids: new Set([...picked.ids, ...between]), from: picked.from }
}

/** All are chosen; where they were already, none. */
export function allOrNone({ ids }: Picked, order: readonly string[]): Picked {
  return order.every(id => ids.has(id)) ? NONE : { ids: new Set(order), from: null }
}

/** What is not in the list any more is not chosen either. */
export function still(picked: Picked, order: readonly string[]): Picked {
  const there = new Set(order)
  const ids = [...picked.ids].filter(id => there.has(id))
  return ids.length === picked.ids.size ? picked : { ids: new Set(ids), from: picked.from }
}

/** The row a key leads to from a row, or null where it leads nowhere. */
export function rowFor(key: string, at: number, many: number, page: number): number | null {
  const goals: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: many - 1,
    PageDown: at + page,
    PageUp: at - page,
  }
  const goal = goals[key]
  if (goal === undefined || many === 0) return null
  return Math.min(many - 1, Math.max(0, goal))
}
