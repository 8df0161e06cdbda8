import { setImmediate } from 'node:timers/promises'
import type { Hear } from '#models/provider.ts'
import type { Ask, Reply, Settings } from '#sdk/model.ts'
import { clip } from './words.ts'

/** Letters of a token, about. */
const TOKEN = 4
/** After so many words others have their turn. */
const BREATH = 32

/** About how many tokens texts have. */
export const tokensOf = (...texts: readonly string[]): number =>
  Math.max(1, Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / TOKEN))

/** Says a text word by word, and stops where it was told to. */
export async function say(
  text: string,
  { stop = [], maxTokens }: Settings,
  hear: Hear,
): Promise<{ text: string; finish: Reply['finish'] }> {
  const ends = stop
    .filter(one => one !== '')
    .map(one => text.indexOf(one))
    .filter(at => at >= 0)
  const stopped = ends.length > 0 ? text.slice(0, Math.min(...ends)) : text
  const cut = maxTokens === undefined ? stopped : clip(stopped, Math.max(1, maxTokens) * TOKEN)
  for (const [nth, piece] of (cut.match(/\s*\S+|\s+$/g) ?? []).entries()) {
    if (nth % BREATH === 0) await setImmediate()
    hear.signal.throwIfAborted()
    hear.text?.(piece)
  }
  return { text: cut, finish: cut.length < stopped.length ? 'length' : 'stop' }
}

/** Everything that was asked, to be counted. */
export const askedIn = ({ system = '', messages, tools = [] }: Ask): string[] => [
  system,
  ...messages.flatMap(({ parts }) =>
    parts.map(part => {
      if (part.is === 'text' || part.is === 'thought') return part.text
      if (part.is === 'file') return 'x'.repeat(Math.min(part.bytes.length, 4000))
      return JSON.stringify(part.is === 'call' ? part.input : part.output) ?? ''
    }),
  ),
  ...tools.map(tool => JSON.stringify(tool)),
]
