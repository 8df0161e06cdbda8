import type { Block } from './catalogue.ts'

const TINTS: Record<string, string> = { start: 'start', flow: 'flow', data: 'data', ai: 'ai', service: 'service' }

/** The colour of a block: that of its group. What is gone has none. */
export const tintOf = (group: Block['group'] | undefined): string => TINTS[group ?? ''] ?? 'none'
