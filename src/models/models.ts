import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import type { Outbound } from '#http/outbound.ts'
import { Refused } from '#sdk/fail.ts'
import type { Ask, Counted, Drawing, Judged, Part, Reply } from '#sdk/model.ts'
import type { Vault } from '#vault/vault.ts'
import { anthropic } from './anthropic.ts'
import { compatible } from './compatible.ts'
import { demo } from './demo/demo.ts'
import { fetchThrough } from './fetch.ts'
import { google } from './google.ts'
import { ollama } from './ollama.ts'
import { openai } from './openai.ts'
import { costOf } from './price.ts'
import type { Hear, Opened, Provider } from './provider.ts'
import { credentialsOf, findCredential } from './queries.ts'

/** Everybody who has models, in the order of the list. */
export const PROVIDERS: readonly Provider[] = [openai, anthropic, google, compatible, ollama, demo]

/** Asks models. Each call is made once: whether it is made again is decided elsewhere. */
export type Models = {
  /** `credential` is that of the node; one of another provider is passed over. */
  ask(workspace: string, ask: Ask, hear: Hear, credential?: string | null): Promise<Reply>
  embed(
    workspace: string,
    model: string,
    texts: readonly string[],
    signal: AbortSignal,
    credential?: string | null,
  ): Promise<Embedded>
  draw(workspace: string, model: string, wanted: Drawing, signal: AbortSignal, credential?: string | null): Promise<Drawn>
  /** Null where the model was not made to moderate. */
  moderate(
    workspace: string,
    model: string,
    parts: readonly Part[],
    signal: AbortSignal,
    credential?: string | null,
  ): Promise<(Judged & Counted) | null>
  /** A provider, opened with a credential. */
  open(workspace: string, provider: Provider, credential: string | null): Promise<Opened>
  close(): Promise<void>
}

/** Vectors of texts, in their order. */
export type Embedded = Counted & { vectors: number[][] }
/** Pictures. */
export type Drawn = Counted & { images: { bytes: Uint8Array; type: string }[] }

type Needed = { db: Kysely<Tables>; vault: Pick<Vault, 'open'>; outbound: Pick<Outbound, 'call'>; near: Outbound }

/** Makes models reachable, each through its provider and the workspace's credential. */
export function makeModels({ db, vault, outbound, near }: Needed): Models {
  async function open(workspace: string, provider: Provider, credential: string | null): Promise<Opened> {
    const values = credential === null ? {} : await vault.open(workspace, credential)
    return provider.open(values, fetchThrough(provider === ollama ? near : outbound))
  }

  async function reach(workspace: string, model: string, credential: string | null | undefined) {
    const { provider, name } = named(model)
    const id = await credentialFor(db, workspace, provider, credential ?? null)
    return { name, opened: await open(workspace, provider, id) }
  }

  return {
    open,
    close: () => near.close(),
    async ask(workspace, ask, hear, credential) {
      const { name, opened } = await reach(workspace, ask.model, credential)
      const reply = await opened.ask(name, ask, hear)
      return { ...reply, cost: await costOf(db, workspace, ask.model, reply.model, reply.tokens) }
    },
    async embed(workspace, model, texts, signal, credential) {
      const { name, opened } = await reach(workspace, model, credential)
      if (!opened.embed) throw unable(model, 'make vectors of texts')
      const made = await opened.embed(name, texts, signal)
      return { ...made, cost: await costOf(db, workspace, model, name, made.tokens) }
    },
    async draw(workspace, model, wanted, signal, credential) {
      const { name, opened } = await reach(workspace, model, credential)
      if (!opened.draw) throw unable(model, 'draw')
      const made = await opened.draw(name, wanted, signal)
      return { ...made, cost: await costOf(db, workspace, model, name, made.tokens) }
    },
    async moderate(workspace, model, parts, signal, credential) {
      const { name, opened } = await reach(workspace, model, credential)
      const made = await opened.moderate?.(name, parts, signal)
      return made ? { ...made, cost: await costOf(db, workspace, model, name, made.tokens) } : null
    },
  }
}

const unable = (model: string, what: string) => new Refused('model.unable', `${model} cannot ${what}. Choose another model.`)

/** Splits `provider/model`. Fails with `model.unknown`. */
function named(model: string): { provider: Provider; name: string } {
  const at = model.indexOf('/')
  const provider = PROVIDERS.find(one => one.id === model.slice(0, Math.max(at, 0)))
  const name = model.slice(at + 1)
  if (!provider || name === '') {
    const ids = PROVIDERS.map(one => one.id).join(', ')
    throw new Refused(
      'model.unknown',
      `“${model.slice(0, 100)}” names no model: write provider/model, where the provider is one of ${ids}.`,
    )
  }
  return { provider, name }
}

/** The node's own credential where it is of this provider, else the oldest one of the workspace that is. */
async function credentialFor(
  db: Kysely<Tables>,
  workspace: string,
  provider: Provider,
  wanted: string | null,
): Promise<string | null> {
  if (provider.credential === null) return null
  const kind = provider.credential.id
  if (wanted !== null) {
    const own = await findCredential(db, workspace, wanted)
    if (own?.kind === kind) return own.id
  }
  const [first] = await credentialsOf(db, workspace, [kind])
  if (!first)
    throw new Refused(
      'model.no_credential',
      `The workspace has no credential of ${provider.title}. Add one under Credentials, or choose another model.`,
    )
  return first.id
}
