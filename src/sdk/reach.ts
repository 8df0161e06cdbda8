/** What a value has at a path such as `customer.name` or `lines[0].price`; null where there is nothing. */
export function reach(value: unknown, path: string): unknown {
  // A field may have dots in its name, as those of tables do.
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, path)) return Reflect.get(value, path) ?? null
  let at = value
  for (const part of path.replaceAll('[', '.').replaceAll(']', '').split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return null
    at = Reflect.get(at, part)
  }
  return at ?? null
}
