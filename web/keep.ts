type Store = 'local' | 'session'

const storeOf = (store: Store): Storage => (store === 'local' ? localStorage : sessionStorage)

/** Reads what this browser (local) or this tab (session) remembers; null where storage is forbidden. */
export function recall(name: string, store: Store = 'local'): string | null {
  try {
    return storeOf(store).getItem(`pilot.${name}`)
  } catch {
    return null
  }
}

/** Remembers a value, or forgets it with null; without storage the choice lasts as long as the page. */
export function keep(name: string, value: string | null, store: Store = 'local'): void {
  try {
    if (value === null) storeOf(store).removeItem(`pilot.${name}`)
    else storeOf(store).setItem(`pilot.${name}`, value)
  } catch {
    // Private windows may forbid storage; nothing depends on it.
  }
}
