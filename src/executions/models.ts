import type { Usage } from '#engine/events.ts'
import { pathOf } from '#engine/state.ts'
import { sizeOfAsk, sizeOfDrawing, sizeOfParts, sizeOfTexts } from '#models/budgets/estimate.ts'
import type { BlockModels } from '#sdk/context.ts'
import type { Counted } from '#sdk/model.ts'
import { type Meter, take } from './meter.ts'
import type { Attempt } from './node.ts'
import type { Run } from './run.ts'
import { executionTopic, type Shell } from './shell.ts'
import { spend, type Wanted } from './spend.ts'

/** A piece of what a model says, as it is passed on: which node, where in its text, and the piece. */
export type Piece = { path: string; at: number; text: string }

/** More is not kept for whoever comes to listen later. */
const MOST = 200_000
/** Of an answer that broke off, more is not kept. */
const MOST_PARTIAL = 50_000

/** The models as one attempt of a node may ask them. */
export function modelsFor(shell: Shell, run: Run, it: Attempt, meter: Meter): BlockModels {
  const { cell, part, controller } = it
  const { models, feed } = shell.world
  const { signal } = controller
  const path = pathOf(cell)

  /** Makes a call that was reserved for, and counts what it took. */
  async function paid<T extends Counted | null>(wanted: Wanted, call: (model: string) => Promise<T>): Promise<T> {
    const { model, open } = await spend(shell, run, it, meter, wanted)
    try {
      const made = await call(model)
      if (made) take(shell, run, meter, open, usageOf(model, wanted.kind, made))
      return made
    } finally {
      open.done = true
    }
  }

  const within = (own: AbortSignal | undefined) => (own ? AbortSignal.any([signal, own]) : signal)

  function tell(text: string): void {
    const before = run.live.get(path) ?? { said: 0, text: '' }
    feed.say(executionTopic(run.id), JSON.stringify({ path, at: before.said, text } satisfies Piece))
    run.live.set(path, { said: before.said + text.length, text: (before.text + text).slice(0, MOST) })
  }

  return {
    async ask(ask, { live = true, ...bounds } = {}) {
      run.live.delete(path)
      try {
        const hear = { signal: within(bounds.signal), ...(live ? { text: tell } : {}) }
        return await paid({ model: ask.model, kind: 'ask', size: () => sizeOfAsk(ask), most: bounds.budget }, model =>
          models.ask(run.workspace, { ...ask, model }, hear, part.credential),
        )
      } catch (error) {
        // What had come of the answer is kept with the failure, and marked as what it is.
        if (it.context) it.context.partial = (run.live.get(path)?.text ?? '').slice(0, MOST_PARTIAL)
        throw error
      } finally {
        run.live.delete(path)
      }
    },
    embed: (model, texts, how) =>
      paid({ model, kind: 'embed', size: () => sizeOfTexts(texts), most: how?.budget }, name =>
        models.embed(run.workspace, name, texts, within(how?.signal), part.credential),
      ),
    draw: (model, wanted, how) =>
      paid({ model, kind: 'draw', size: () => sizeOfDrawing(wanted), most: how?.budget }, name =>
        models.draw(run.workspace, name, wanted, within(how?.signal), part.credential),
      ),
    moderate: (model, parts, how) =>
      paid({ model, kind: 'moderate', size: () => sizeOfParts(parts), most: how?.budget }, name =>
        models.moderate(run.workspace, name, parts, within(how?.signal), part.credential),
      ),
  }
}

function usageOf(model: string, kind: Wanted['kind'], { tokens, cost }: Counted): Usage {
  const { input, output, cached, reasoning } = tokens
  return {
    model,
    inputTokens: input,
    outputTokens: output,
    ...(cached ? { cachedTokens: cached } : {}),
    ...(reasoning ? { reasoningTokens: reasoning } : {}),
    cost,
    ...(kind === 'ask' ? {} : { kind }),
  }
}
