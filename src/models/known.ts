import type { Ability, Listed } from './provider.ts'

/** Dollars for a million tokens: read, written, and read again from the provider's cache. */
export type Price = { input: number; output: number; cached: number | null; asOf: string }

/** When the prices of this table were those of the providers; an admin may set others. */
const AS_OF = '2025-11-01'

type Row = readonly [
  provider: string,
  name: string,
  title: string,
  context: number,
  abilities: readonly Ability[],
  price: readonly [input: number, output: number, cached: number | null] | null,
]

const ALL: readonly Ability[] = ['text', 'images', 'files', 'tools', 'schema']
const THINKS: readonly Ability[] = [...ALL, 'reasoning']

/** Models people ask for. A model that is not here can be asked all the same: its price is then unknown. */
const ROWS: readonly Row[] = [
  ['openai', 'gpt-5', 'GPT-5', 400_000, THINKS, [1.25, 10, 0.125]],
  ['openai', 'gpt-5-mini', 'GPT-5 mini', 400_000, THINKS, [0.25, 2, 0.025]],
  ['openai', 'gpt-5-nano', 'GPT-5 nano', 400_000, THINKS, [0.05, 0.4, 0.005]],
  ['openai', 'gpt-4.1', 'GPT-4.1', 1_047_576, ALL, [2, 8, 0.5]],
  ['openai', 'gpt-4.1-mini', 'GPT-4.1 mini', 1_047_576, ALL, [0.4, 1.6, 0.1]],
  ['openai', 'gpt-4o', 'GPT-4o', 128_000, ALL, [2.5, 10, 1.25]],
  ['openai', 'gpt-4o-mini', 'GPT-4o mini', 128_000, ALL, [0.15, 0.6, 0.075]],
  ['openai', 'o3', 'o3', 200_000, THINKS, [2, 8, 0.5]],
  ['openai', 'o4-mini', 'o4-mini', 200_000, THINKS, [1.1, 4.4, 0.275]],
  ['openai', 'gpt-image-1', 'GPT Image 1', 32_000, ['draws'], [5, 40, 1.25]],
  ['openai', 'text-embedding-3-small', 'Embedding 3 small', 8_191, ['embeds'], [0.02, 0, null]],
  ['openai', 'text-embedding-3-large', 'Embedding 3 large', 8_191, ['embeds'], [0.13, 0, null]],
  ['openai', 'omni-moderation-latest', 'Moderation', 32_000, ['moderates'], [0, 0, null]],
  ['anthropic', 'claude-opus-4-1', 'Claude Opus 4.1', 200_000, THINKS, [15, 75, 1.5]],
  ['anthropic', 'claude-sonnet-4-5', 'Claude Sonnet 4.5', 200_000, THINKS, [3, 15, 0.3]],
  ['anthropic', 'claude-haiku-4-5', 'Claude Haiku 4.5', 200_000, THINKS, [1, 5, 0.1]],
  ['anthropic', 'claude-3-5-haiku-latest', 'Claude Haiku 3.5', 200_000, ALL, [0.8, 4, 0.08]],
  ['google', 'gemini-2.5-pro', 'Gemini 2.5 Pro', 1_048_576, THINKS, [1.25, 10, 0.125]],
  ['google', 'gemini-2.5-flash', 'Gemini 2.5 Flash', 1_048_576, THINKS, [0.3, 2.5, 0.03]],
  ['google', 'gemini-2.5-flash-lite', 'Gemini 2.5 Flash-Lite', 1_048_576, THINKS, [0.1, 0.4, 0.01]],
  ['google', 'gemini-2.5-flash-image', 'Gemini 2.5 Flash Image', 32_768, ['text', 'images', 'draws'], null],
  ['google', 'gemini-embedding-001', 'Gemini Embedding', 2_048, ['embeds'], [0.15, 0, null]],
]

const listedOf = ([, name, title, context, abilities]: Row): Listed => ({ name, title, abilities, context })

/** The models of a provider that are known without asking it. */
export const modelsOf = (provider: string): Listed[] => ROWS.filter(row => row[0] === provider).map(listedOf)

/** A model by its name, also where a date stands behind it: `gpt-5-2025-08-07`, `claude-sonnet-4-5-20250929`. */
function rowOf(provider: string, name: string): Row | undefined {
  const plain = name.replace(/-(\d{8}|\d{4}-\d{2}-\d{2})$/, '')
  return ROWS.find(row => row[0] === provider && (row[1] === name || row[1] === plain))
}

/** What is known of a model. */
export function known(provider: string, name: string): Listed | null {
  const row = rowOf(provider, name)
  return row ? listedOf(row) : null
}

/** What a model costs as far as this table knows; null is unknown, which is not the same as nothing. */
export function priceOf(provider: string, name: string): Price | null {
  const price = rowOf(provider, name)?.[5]
  return price ? { input: price[0], output: price[1], cached: price[2], asOf: AS_OF } : null
}
