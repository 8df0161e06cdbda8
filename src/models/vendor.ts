import type { EmbeddingModelV4, ImageModelV4, LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider'
import { Refused } from '#sdk/fail.ts'
import type { Ask, Drawing, Tokens } from '#sdk/model.ts'
import { explain } from './explain.ts'
import type { Listed, Opened } from './provider.ts'
import { takeTurn } from './turn.ts'

/** What a vendor's package makes. */
type Vendor = {
  language(model: string): LanguageModelV4
  embedding?(model: string): EmbeddingModelV4
  image?(model: string): ImageModelV4
  list?(signal: AbortSignal): Promise<Listed[]>
  moderate?: NonNullable<Opened['moderate']>
  /** Its server cannot be held to a schema, so that the model has to be told. */
  told?: boolean
  /** What its package has to be told with every question. */
  options?(ask: Ask): SharedV4ProviderOptions
  /** What must not stand in a message, though a server may repeat it. */
  secret?: string | undefined
}

/** A provider over the package of its vendor. */
export function fromVendor({ language, embedding, image, list, moderate, options, told = false, secret = '' }: Vendor): Opened {
  const hide = (words: string) => (secret === '' ? words : words.replaceAll(secret, '…'))
  async function tried<T>(signal: AbortSignal, what: () => Promise<T>): Promise<T> {
    try {
      return await what()
    } catch (error) {
      signal.throwIfAborted()
      throw explain(error, hide)
    }
  }
  return {
    ask: (model, ask, hear) =>
      takeTurn(language(model), told ? inWords(ask) : ask, hear, { hide, options: options?.(ask) ?? {} }),
    ...(embedding ? { embed: (model, texts, signal) => tried(signal, () => embedAll(embedding(model), texts, signal)) } : {}),
    ...(image ? { draw: (model, wanted, signal) => tried(signal, () => drawAll(image(model), wanted, signal)) } : {}),
    ...(moderate ? { moderate: (model, parts, signal) => tried(signal, () => moderate(model, parts, signal)) } : {}),
    ...(list ? { list: signal => tried(signal, () => list(signal)) } : {}),
  }
}

/** The same question, with its schema in words too. */
function inWords({ system, ...ask }: Ask): Ask {
  if (!ask.schema) return { ...ask, ...(system === undefined ? {} : { system }) }
  const words = `Answer with JSON alone, without any words around it, that fits this JSON Schema:\n${JSON.stringify(ask.schema)}`
  return { ...ask, system: system ? `${system}\n\n${words}` : words }
}

/** An API takes only so many texts at once. */
async function embedAll(model: EmbeddingModelV4, texts: readonly string[], abortSignal: AbortSignal) {
  const most = (await model.maxEmbeddingsPerCall) ?? texts.length
  const vectors: number[][] = []
  let input = 0
  for (let at = 0; at < texts.length; at += most) {
    const { embeddings, usage } = await model.doEmbed({ values: texts.slice(at, at + most), abortSignal })
    for (const one of embeddings) vectors.push(one)
    input += usage?.tokens ?? 0
  }
  return { vectors, tokens: counted(input, 0) }
}

/** Most APIs draw one picture at a time. */
async function drawAll(model: ImageModelV4, { prompt, count, size, seed }: Drawing, abortSignal: AbortSignal) {
  const { maxImagesPerCall } = model
  const most = typeof maxImagesPerCall === 'function' ? await maxImagesPerCall({ modelId: model.modelId }) : maxImagesPerCall
  const images: { bytes: Uint8Array; type: string }[] = []
  let [input, output] = [0, 0]
  for (let left = count; left > 0; left -= most ?? count) {
    const made = await model.doGenerate({
      prompt,
      n: Math.min(left, most ?? count),
      size: pairOf('x', size),
      aspectRatio: pairOf(':', size),
      seed,
      files: undefined,
      mask: undefined,
      providerOptions: {},
      abortSignal,
    })
    for (const one of made.images) {
      const bytes = typeof one === 'string' ? new Uint8Array(Buffer.from(one, 'base64')) : one
      images.push({ bytes, type: typeOf(bytes) })
    }
    input += made.usage?.inputTokens ?? 0
    output += made.usage?.outputTokens ?? 0
  }
  if (images.length === 0 && count > 0)
    throw new Refused('model.filtered', 'The provider made no picture of this; its rules may not allow it.')
  return { images, tokens: counted(input, output) }
}

const counted = (input: number, output: number): Tokens => ({ input, output, cached: null, reasoning: null })

/** `1024x1536` or `16:9`; anything else is left to the model. */
function pairOf<Between extends 'x' | ':'>(between: Between, text = ''): `${number}${Between}${number}` | undefined {
  const [wide, high, ...more] = text.split(between)
  const whole = (side: string | undefined) => (/^[1-9]\d{0,4}$/.test(side ?? '') ? Number(side) : null)
  const [width, height] = [whole(wide), whole(high)]
  return width !== null && height !== null && more.length === 0 ? `${width}${between}${height}` : undefined
}

const STARTS: [string, number[]][] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46]],
]

/** The type of a picture by how it begins. */
const typeOf = (bytes: Uint8Array): string =>
  STARTS.find(([, start]) => start.every((byte, at) => bytes[at] === byte))?.[0] ?? 'application/octet-stream'
