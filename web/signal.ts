/** A value that can be listened to. */
export type Signal<T> = { get: () => T; set: (value: T) => void; listen: (hear: () => void) => () => void }

/** Makes a value that can be listened to. */
export function signal<T>(start: T): Signal<T> {
  let value = start
  const ears = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const hear of [...ears]) hear()
    },
    listen(hear) {
      ears.add(hear)
      return () => void ears.delete(hear)
    },
  }
}
