import type { Credential } from '#sdk/define.ts'
import type { Ask, Drawing, Judged, Part, Reply, Tokens } from '#sdk/model.ts'

/** What a model can do. */
export type Ability = 'text' | 'images' | 'files' | 'tools' | 'schema' | 'reasoning' | 'draws' | 'embeds' | 'moderates'

/** A model as a provider names it; what it does not say is null. */
export type Listed = { name: string; title: string; abilities: readonly Ability[]; context: number | null }

/** Listens while a model answers. */
export type Hear = { signal: AbortSignal; text?: (piece: string) => void }

/** A provider that was opened with a credential. Each answers what it is asked once: whether it is asked again is decided elsewhere. */
export type Opened = {
  ask(model: string, ask: Ask, hear: Hear): Promise<Omit<Reply, 'cost'>>
  embed?(model: string, texts: readonly string[], signal: AbortSignal): Promise<{ vectors: number[][]; tokens: Tokens }>
  draw?(
    model: string,
    wanted: Drawing,
    signal: AbortSignal,
  ): Promise<{ images: { bytes: Uint8Array; type: string }[]; tokens: Tokens }>
  /** Null where the model was not made for this. */
  moderate?(model: string, parts: readonly Part[], signal: AbortSignal): Promise<(Judged & { tokens: Tokens }) | null>
  /** The models it has now. */
  list?(signal: AbortSignal): Promise<Listed[]>
}

/** Somebody who has models. */
export type Provider = {
  readonly id: string
  readonly title: string
  /** Null for one that asks for nothing. */
  readonly credential: Credential | null
  /** Models that are known without asking. */
  readonly models: readonly Listed[]
  open(values: Readonly<Record<string, string>>, fetch: typeof globalThis.fetch): Promise<Opened>
}
