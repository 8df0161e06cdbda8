import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider'
import { Fault } from '#errors.ts'
import { TryLater } from '#sdk/fail.ts'
import type { Ask, Reply } from '#sdk/model.ts'
import { cut, cutBy, explain, type Hide, wrongAddress } from './explain.ts'
import { type Gathered, gathering } from './gather.ts'
import { promptOf } from './prompt.ts'
import type { Hear } from './provider.ts'

/** What is the same for every question to a model. */
type Way = { options: SharedV4ProviderOptions; hide: Hide }

/** Asks a model of a vendor's package once, as a stream, and gathers what it says. */
export async function takeTurn(
  model: LanguageModelV4,
  ask: Ask,
  hear: Hear,
  { options, hide }: Way,
): Promise<Omit<Reply, 'cost'>> {
  const listening = listeningTo(hear)
  const said = gathering(model.modelId, listening)
  // The packages let a stream that failed run on; this hangs up.
  const over = new AbortController()
  const abortSignal = AbortSignal.any([hear.signal, over.signal])
  let type = ''
  try {
    const { stream, response } = await model.doStream({ ...promptOf(ask), providerOptions: options, abortSignal })
    type = response?.headers?.['content-type'] ?? ''
    for await (const part of stream) said.take(part)
    demandEnd(said)
    return said.reply()
  } catch (error) {
    over.abort()
    throwIfGivenUp(hear.signal, said.text())
    listening.throwIfFailed()
    const reason = explain(error, hide)
    if (said.begun()) throw cutBy(reason, said.text())
    if (type === '' || /event-stream/i.test(type) || reason instanceof Fault) throw reason
    throw wrongAddress(`it answered with ${type.slice(0, 100)} and not with a stream.`)
  }
}

/** Whoever has given up has said why; what had come until then goes with it. */
function throwIfGivenUp(signal: AbortSignal, text: string): void {
  const { reason } = signal
  if (reason instanceof TryLater) throw new TryLater(reason.code, reason.message, { after: reason.after, details: { text } })
  signal.throwIfAborted()
}

/** What goes wrong with whoever listens is not the provider's fault. */
function listeningTo({ signal, text }: Hear) {
  let failed: { error: unknown } | null = null
  return {
    signal,
    text(piece: string): void {
      try {
        text?.(piece)
      } catch (error) {
        failed = { error }
        throw error
      }
    },
    throwIfFailed(): void {
      if (failed) throw failed.error
    },
  }
}

/** A stream that just ends was cut: what came may be half of it. */
function demandEnd(said: Gathered): void {
  const ended = said.ended()
  if (ended === null || ended === 'error' || ended === 'interrupted') throw cut(said.text(), said.word() ?? '')
}
