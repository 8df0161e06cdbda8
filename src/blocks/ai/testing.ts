import assert from 'node:assert/strict'
import { after } from 'node:test'
import { databases } from '#db/testing.ts'
import { type Drawing, type Stage, setStage } from '#executions/testing.ts'
import { type Answer, dialectOf, KEY, startWire, stream, type Wire } from '#models/testing.ts'
import type { Got } from '#testing.ts'

const PROVIDERS = ['openai', 'anthropic', 'google', 'compatible'] as const

type Provider = (typeof PROVIDERS)[number]

/** The whole product, with a server for each provider and a credential for it. */
export type AiStage = {
  it: Stage
  wires: Record<Provider, Wire>
  /** Runs one block after a start by hand, once unless `node` says how often it is tried. */
  run(block: string, params: Record<string, unknown>, more?: More): Promise<Got['body']>
  /** The lines that the block has logged, of all its attempts. */
  lines(execution: { id: string }): Promise<string[]>
  /** Keeps a file. */
  upload(name: string, content: string | Uint8Array<ArrayBuffer>, type: string): Promise<{ id: string }>
}

type More = { input?: unknown; node?: Record<string, unknown> }

/** Sets the stage of a test file, which is closed when its tests are over. */
export async function openAiStage(): Promise<AiStage> {
  const [kind] = databases()
  assert.ok(kind)
  const it = await setStage(await kind.place())
  const [openai, anthropic, google, compatible] = await Promise.all(PROVIDERS.map(startWire))
  assert.ok(openai && anthropic && google && compatible)
  const wires = { openai, anthropic, google, compatible }
  for (const id of PROVIDERS) {
    const values = { apiKey: KEY, baseUrl: dialectOf(id).base(wires[id].url) }
    await it.post('/api/credentials', { name: id, kind: id, values })
  }
  after(async () => {
    await it.close()
    for (const wire of Object.values(wires)) await wire.stop()
  })
  return {
    it,
    wires,
    run: async (block, params, { input, node } = {}) => it.run(await it.publish(drawn(block, params, node)), input),
    async lines({ id }) {
      const { items } = await it.get(`/api/executions/${id}/logs?limit=200`)
      return items.flatMap((one: { lines: string[] }) => one.lines)
    },
    async upload(name, content, type) {
      const form = new FormData()
      form.append('file', new Blob([content], { type }), name)
      const answer = await fetch(`${it.server.url}/api/files`, {
        method: 'POST',
        headers: { authorization: `Bearer ${it.token}` },
        body: form,
      })
      assert.equal(answer.status, 201)
      return answer.json()
    },
  }
}

/** A start and a block. */
export const drawn = (block: string, params: Record<string, unknown>, node: Record<string, unknown> = {}): Drawing => ({
  nodes: [
    { key: 'start', block: 'manual.start' },
    { key: 'ai', block, params, retry: { attempts: 1 }, ...node },
  ],
  edges: ['start -> ai'],
})

/** What providers are asked first by tests: a model of each that takes everything. */
export const MODELS: Record<Provider, string> = {
  openai: 'openai/gpt-5',
  anthropic: 'anthropic/claude-sonnet-4-5',
  google: 'google/gemini-2.5-flash',
  compatible: 'compatible/llama3:8b',
}

/** An answer of a provider, in its own protocol. */
export const says = (
  provider: Provider,
  text: string | object,
  finish?: keyof ReturnType<typeof dialectOf>['finishes'],
): Answer => {
  const dialect = dialectOf(provider)
  const words = typeof text === 'string' ? text : JSON.stringify(text)
  return stream(dialect.text([words], finish && dialect.finishes[finish]))
}

/** The words that a provider was sent, wherever they stand. */
export const sentTo = (wire: Wire, nth = 0): string => JSON.stringify(wire.sent[nth]?.body)
