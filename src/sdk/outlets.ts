/** Outlets of which there is one for each entry of a list among the parameters, between those that are always there. */
export type Listed = {
  /** The field with the list; an entry is a name, or has one. */
  readonly each: string
  readonly first?: readonly string[]
  readonly last?: readonly string[]
}

/** The outlets of a node with these parameters. They may be half written: what has no proper name is no outlet yet. */
export function outletsOf(outlets: readonly string[] | Listed, params: unknown): readonly string[] {
  if (!('each' in outlets)) return outlets
  const { each, first = [], last = [] } = outlets
  const list = typeof params === 'object' && params !== null ? Reflect.get(params, each) : null
  const names = (Array.isArray(list) ? list : []).map(nameOf).filter(name => name !== null)
  return [...first, ...new Set(names.filter(name => ![...first, ...last, 'error'].includes(name))), ...last]
}

function nameOf(entry: unknown): string | null {
  const name = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'name') : entry
  return typeof name === 'string' && name.trim() !== '' && !/\{[{%]/.test(name) ? name.trim() : null
}
