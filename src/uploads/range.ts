/** What a Range header asks for: all of it, one part (both ends included), or nothing that can be given. */
export type Range = { start: number; end: number } | 'all' | 'none'

/** Reads a Range header. One that is not understood is ignored, as HTTP wants it; several parts in one answer are not given. */
export function readRange(header: string | undefined, size: number): Range {
  const [, parts] = /^\s*bytes\s*=(.*)$/i.exec(header ?? '') ?? []
  if (parts === undefined) return 'all'
  if (parts.includes(',')) return 'none'
  const [, first = '', last = ''] = /^\s*(\d*)\s*-\s*(\d*)\s*$/.exec(parts) ?? []
  if (first === '' && last === '') return 'all'
  if (first === '') return size === 0 || Number(last) === 0 ? 'none' : { start: Math.max(0, size - Number(last)), end: size - 1 }
  if (last !== '' && Number(last) < Number(first)) return 'all'
  if (Number(first) >= size) return 'none'
  return { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}
