import type { Usage } from '#engine/events.ts'
import { pathOf } from '#engine/state.ts'
import type { BlockModels } from '#sdk/context.ts'
import type { Counted } from '#sdk/model.ts'
import type { Attempt } from './node.ts'
import type { Run } from './run.ts'
import { executionTopic, type Shell } from './shell.ts'

/** A piece of what a model says, as it is passed on: which node, where in its text, and the piece. */
export type Piece = { path: string; at: number; text: string }

/** More is not kept for whoever comes to listen later. */
const MOST = 200_000
/** Of an answer that broke off, more is not kept. */
const MOST_PARTIAL = 50_000

/** The models as one attempt of a node may ask them. */
export function modelsFor(shell: Shell, run: Run, it: Attempt, usage: Usage[]): BlockModels {
  const { cell, part, controller } = it
  const { models, feed } = shell.world
  const { signal } = controller
  const path = pathOf(cell)

  function count<T extends Counted>(model: string, made: T): T {
    const { input, output, cached, reasoning } = made.tokens
    usage.push({
      model,
      inputTokens: input,
      outputTokens: output,
      ...(cached ? { cachedTokens: cached } : {}),
      ...(reasoning ? { reasoningTokens: reasoning } : {}),
      cost: made.cost,
    })
    return made
  }

  const within = (own: AbortSignal | undefined) => (own ? AbortSignal.any([signal, own]) : signal)

  function tell(text: string): void {
    const before = run.live.get(path) ?? { said: 0, text: '' }
    feed.say(executionTopic(run.id), JSON.stringify({ path, at: before.said, text } satisfies Piece))
    run.live.set(path, { said: before.said + text.length, text: (before.text + text).slice(0, MOST) })
  }

  return {
    async ask(ask, { live = true, signal: own } = {}) {
      run.live.delete(path)
      try {
        const reply = await models.ask(
          run.workspace,
          ask,
          { signal: within(own), ...(live ? { text: tell } : {}) },
          part.credential,
        )
        return count(ask.model, reply)
      } catch (error) {
        // What had come of the answer is kept with the failure, and marked as what it is.
        if (it.context) it.context.partial = (run.live.get(path)?.text ?? '').slice(0, MOST_PARTIAL)
        throw error
      } finally {
        run.live.delete(path)
      }
    },
    embed: async (model, texts, how) =>
      count(model, await models.embed(run.workspace, model, texts, within(how?.signal), part.credential)),
    draw: async (model, wanted, how) =>
      count(model, await models.draw(run.workspace, model, wanted, within(how?.signal), part.credential)),
    async moderate(model, parts, how) {
      const judged = await models.moderate(run.workspace, model, parts, within(how?.signal), part.credential)
      return judged && count(model, judged)
    },
  }
}
