import type { LanguageModelV4FinishReason, LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider'
import type { Part, Reply, Tokens, ToolCall } from '#sdk/model.ts'
import type { Hear } from './provider.ts'

/** What has come of an answer so far. */
export type Gathered = {
  /** Takes the next piece. Fails with what the provider says went wrong. */
  take(part: LanguageModelV4StreamPart): void
  text(): string
  /** Whether anything of the answer has come. */
  begun(): boolean
  /** How the provider ended it; null where it just ended. */
  ended(): LanguageModelV4FinishReason['unified'] | null
  /** In the provider's own word, such as `MALFORMED_FUNCTION_CALL`. */
  word(): string | null
  reply(): Omit<Reply, 'cost'>
}

type Open = Extract<Part, { is: 'text' | 'thought' }>

/** Puts an answer together from its pieces and lets its text be heard. Nothing but the answer is kept. */
export function gathering(name: string, hear: Hear): Gathered {
  const parts: Part[] = []
  const open = new Map<string, Open>()
  let model = name
  let end: { usage: LanguageModelV4Usage; finishReason: LanguageModelV4FinishReason } | null = null

  function begin(is: Open['is'], id: string, kept: unknown): Open {
    const part: Open = { is, text: '', ...(kept === undefined ? {} : { kept }) }
    open.set(`${is} ${id}`, part)
    parts.push(part)
    return part
  }
  function add(is: Open['is'], id: string, piece: string, kept: unknown): void {
    const part = open.get(`${is} ${id}`) ?? begin(is, id, undefined)
    part.text += piece
    if (kept !== undefined) part.kept = kept
    if (is === 'text' && piece !== '') hear.text?.(piece)
  }
  const text = () => parts.map(part => (part.is === 'text' ? part.text : '')).join('')

  return {
    text,
    begun: () => parts.some(part => !('text' in part) || part.text !== ''),
    ended: () => end?.finishReason.unified ?? null,
    word: () => end?.finishReason.raw ?? null,
    take(part) {
      if (part.type === 'text-delta') add('text', part.id, part.delta, part.providerMetadata)
      else if (part.type === 'text-start') begin('text', part.id, part.providerMetadata)
      else if (part.type === 'text-end') add('text', part.id, '', part.providerMetadata)
      else if (part.type === 'reasoning-delta') add('thought', part.id, part.delta, part.providerMetadata)
      else if (part.type === 'reasoning-start') begin('thought', part.id, part.providerMetadata)
      else if (part.type === 'reasoning-end') add('thought', part.id, '', part.providerMetadata)
      // What the provider has done itself is not ours to do.
      else if (part.type === 'tool-call' && !part.providerExecuted) parts.push({ is: 'call', ...callOf(part) })
      else if (part.type === 'file' && part.data.type === 'data')
        parts.push({ is: 'file', bytes: bytesOf(part.data.data), type: part.mediaType, ...keptOf(part.providerMetadata) })
      else if (part.type === 'response-metadata') model = part.modelId ?? model
      else if (part.type === 'finish') end = part
      else if (part.type === 'error') throw part.error
    },
    reply() {
      // An empty text means nothing, and some providers do not take it back.
      const said = parts.filter(part => !('text' in part) || part.text !== '' || part.kept !== undefined)
      const calls = said.flatMap(part => (part.is === 'call' ? [part] : []))
      const finish = FINISHES[end?.finishReason.unified ?? 'other'] ?? 'other'
      return {
        text: text(),
        parts: said,
        calls,
        // Some servers call it an ordinary end.
        finish: calls.length > 0 && (finish === 'stop' || finish === 'other') ? 'tools' : finish,
        tokens: tokensOf(end?.usage),
        model,
      }
    },
  }
}

const FINISHES: Record<string, Reply['finish']> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tools',
  'content-filter': 'filtered',
}

const keptOf = (kept: unknown) => (kept === undefined ? {} : { kept })

const bytesOf = (data: string | Uint8Array) => (typeof data === 'string' ? new Uint8Array(Buffer.from(data, 'base64')) : data)

/** Models sometimes write something that is no JSON, or not an object, as the input of every tool is. */
function callOf(call: Extract<LanguageModelV4StreamPart, { type: 'tool-call' }>): ToolCall {
  const { toolCallId: id, toolName: tool, input: written, providerMetadata } = call
  const named = { id, tool, ...keptOf(providerMetadata) }
  try {
    const input: unknown = written.trim() === '' ? {} : JSON.parse(written)
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return { ...named, input }
  } catch {
    // Whoever runs the tools tells the model.
  }
  return { ...named, input: null, broken: written }
}

/** What a provider counts. The packages put 0 where it says nothing; what it said stands in `raw`. */
function tokensOf(usage: LanguageModelV4Usage | undefined): Tokens {
  const names = JSON.stringify(usage?.raw ?? {})
  return {
    input: usage?.inputTokens.total ?? 0,
    output: usage?.outputTokens.total ?? 0,
    cached: /cache/i.test(names) ? (usage?.inputTokens.cacheRead ?? null) : null,
    reasoning: /reasoning|th(oughts|inking)/i.test(names) ? (usage?.outputTokens.reasoning ?? null) : null,
  }
}
