import { keep, recall } from '../keep.ts'

const NAME = 'blocks.recent'
const MOST = 5

/** The blocks that were used last in this browser, the last first. */
export function recentBlocks(): string[] {
  return (recall(NAME) ?? '').split(' ').filter(Boolean)
}

/** Remembers that a block was used. */
export const rememberBlock = (id: string): void => keep(NAME, latest(recentBlocks(), id).join(' '))

/** A list in which one has moved to the front. */
export const latest = (list: readonly string[], id: string): string[] => [id, ...list.filter(one => one !== id)].slice(0, MOST)
