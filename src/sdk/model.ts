/** What a model is asked. */
export type Ask = {
  /** `provider/model`, such as `openai/gpt-5` or `demo/writer`. */
  model: string
  system?: string
  messages: readonly Message[]
  tools?: readonly Tool[]
  /** Whether it may call tools: as it likes, not at all, or it must. */
  choose?: 'auto' | 'none' | 'required'
  /** The answer is JSON that fits this JSON Schema, where the model can do so. */
  schema?: Record<string, unknown>
  settings?: Settings
}

/** How it is to answer; what a model does not know is left out. */
export type Settings = {
  temperature?: number
  topP?: number
  maxTokens?: number
  stop?: string[]
  seed?: number
  /** How much it thinks before it answers. */
  effort?: 'none' | 'low' | 'medium' | 'high'
}

/** A turn of a conversation. */
export type Message = { role: 'user' | 'assistant' | 'tool'; parts: readonly Part[] }

/** A part of what is said. `kept` is what only the provider understands and wants to be given back. */
export type Part =
  | { is: 'text'; text: string; kept?: unknown }
  | { is: 'file'; bytes: Uint8Array; type: string; name?: string; kept?: unknown }
  | { is: 'thought'; text: string; kept?: unknown }
  | (ToolCall & { is: 'call' })
  | { is: 'result'; id: string; tool: string; output: unknown; failed: boolean }

/** A model wants a tool to be used. `broken` is what it wrote instead of JSON. */
export type ToolCall = { id: string; tool: string; input: unknown; broken?: string; kept?: unknown }

/** A tool as a model sees it. */
export type Tool = { name: string; about: string; input: Record<string, unknown> }

/** Tokens that a call took. What a provider does not say is null. */
export type Tokens = { input: number; output: number; cached: number | null; reasoning: number | null }

/** What a model answered. */
export type Reply = {
  text: string
  /** All of it, in order, to go on with. */
  parts: readonly Part[]
  calls: readonly ToolCall[]
  finish: 'stop' | 'length' | 'tools' | 'filtered' | 'other'
  tokens: Tokens
  /** As the provider names it. */
  model: string
  /** Millionths of a dollar; null where the price is not known. */
  cost: number | null
}

/** What a call took; `cost` in millionths of a dollar, null where the price is not known. */
export type Counted = { tokens: Tokens; cost: number | null }

/** What a model that moderates finds: for each of its categories how sure it is, from 0 to 1. */
export type Judged = { scores: Record<string, number> }

/** A message that can be written down: its files are named and not held. */
export type KeptMessage = { role: Message['role']; parts: readonly KeptPart[] }

/** A part of one. */
export type KeptPart = Exclude<Part, { is: 'file' }> | { is: 'file'; file: { id: string }; kept?: unknown }

/** A picture that is asked for. */
export type Drawing = { prompt: string; count: number; size?: string; seed?: number }
