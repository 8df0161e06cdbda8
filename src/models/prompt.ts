import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4ReasoningPart,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider'
import type { Ask, Message, Part } from '#sdk/model.ts'

/** Says what is asked in the words of the vendors' packages. */
export function promptOf({ system, messages, tools, choose, schema, settings = {} }: Ask): LanguageModelV4CallOptions {
  const { temperature, topP, maxTokens, stop, seed, effort } = settings
  return {
    prompt: [...(system ? [{ role: 'system' as const, content: system }] : []), ...messages.map(messageOf)],
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
    ...(stop === undefined ? {} : { stopSequences: stop }),
    ...(seed === undefined ? {} : { seed }),
    ...(effort === undefined ? {} : { reasoning: effort }),
    ...(schema ? { responseFormat: { type: 'json', schema, name: 'answer' } } : {}),
    ...(tools && tools.length > 0
      ? {
          tools: tools.map(({ name, about, input }) => ({ type: 'function', name, description: about, inputSchema: input })),
          toolChoice: { type: choose ?? 'auto' },
        }
      : {}),
  }
}

function messageOf({ role, parts }: Message): LanguageModelV4Message {
  if (role === 'user')
    return {
      role,
      content: parts.flatMap((part): (LanguageModelV4TextPart | LanguageModelV4FilePart)[] => {
        if (part.is === 'text') return [{ type: 'text', text: part.text }]
        return part.is === 'file' ? [fileOf(part)] : []
      }),
    }
  if (role === 'tool') return { role, content: parts.flatMap(part => (part.is === 'result' ? [resultOf(part)] : [])) }
  return { role, content: parts.flatMap(assistantPart) }
}

type File = Extract<Part, { is: 'file' }>

/** Hardly any API takes files of text, and every model reads text. */
const TEXT = /^text\/|^application\/([\w.-]+\+)?(json|xml|yaml|x-yaml|toml|javascript|sql|x-ndjson)\b/i

function fileOf(file: File): LanguageModelV4TextPart | LanguageModelV4FilePart {
  if (!TEXT.test(file.type)) return binaryOf(file)
  const text = new TextDecoder().decode(file.bytes)
  return { type: 'text', text: file.name === undefined ? text : `${file.name}:\n\n${text}` }
}

const binaryOf = ({ bytes, type, name, kept }: File): LanguageModelV4FilePart => ({
  type: 'file',
  data: { type: 'data', data: bytes },
  mediaType: type,
  ...(name === undefined ? {} : { filename: name }),
  ...back(kept),
})

const resultOf = ({ id, tool, output, failed }: Extract<Part, { is: 'result' }>) => {
  const text = typeof output === 'string' ? output : (JSON.stringify(output) ?? 'null')
  return {
    type: 'tool-result' as const,
    toolCallId: id,
    toolName: tool,
    output: { type: failed ? ('error-text' as const) : ('text' as const), value: text },
  }
}

type Said = LanguageModelV4TextPart | LanguageModelV4FilePart | LanguageModelV4ReasoningPart | LanguageModelV4ToolCallPart

function assistantPart(part: Part): Said[] {
  if (part.is === 'text') return [{ type: 'text', text: part.text, ...back(part.kept) }]
  if (part.is === 'thought') return [{ type: 'reasoning', text: part.text, ...back(part.kept) }]
  if (part.is === 'file') return [binaryOf(part)]
  if (part.is !== 'call') return []
  const input = part.broken === undefined ? part.input : { broken: part.broken }
  return [{ type: 'tool-call', toolCallId: part.id, toolName: part.tool, input, ...back(part.kept) }]
}

/** What a provider has said about a part goes back with it. */
const back = (kept: unknown): { providerOptions?: SharedV4ProviderOptions } =>
  typeof kept === 'object' && kept !== null ? { providerOptions: Object(kept) } : {}
