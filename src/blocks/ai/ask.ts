import type { Bounds, Context } from '#sdk/context.ts'
import { Refused, TryLater } from '#sdk/fail.ts'
import type { Ask, Counted, Reply, Settings } from '#sdk/model.ts'
import type { How, Which } from './params.ts'
import { foremost, reasonOf } from './reason.ts'
import { type Spent, spending } from './spend.ts'

/** One model that can be asked now. */
export type One = {
  readonly model: string
  /** A call of whatever kind: in time, bounded by the budget, and counted. */
  call<Made extends Counted | null>(go: (bounds: Bounds) => Promise<Made>): Promise<Made>
  /** A question. `live`: people may read along; `signal` ends it early. */
  ask(question: Omit<Ask, 'model'>, how?: { live?: boolean; signal?: AbortSignal }): Promise<Reply>
}

/** The models of a node: the one that was chosen, and those in its place. */
export type Several = {
  /** Does a piece of work with the first model that can; one that could not is not tried again by this node. */
  first<Done>(work: (one: One) => Promise<Done>): Promise<Done>
  /** What all of it took, and who answered last. */
  outcome(): Spent & { model: string }
}

/** Opens the models of a node. */
export function models(context: Context, { model, fallback, fallbackOn, timeout, budget }: Which): Several {
  const names = [...new Set([model, ...fallback])]
  const { add, spent } = spending()
  let [from, answered] = [0, model]

  const one = (name: string): One => {
    async function call<Made extends Counted | null>(
      go: (bounds: Bounds) => Promise<Made>,
      outer = context.signal,
    ): Promise<Made> {
      const made = await inTime(name, timeout, outer, signal => go({ signal, ...(budget === undefined ? {} : { budget }) }))
      if (made) add(made)
      answered = name
      return made
    }
    return {
      model: name,
      call,
      async ask(question, { live = false, signal } = {}) {
        const reply = await call(bounds => context.models.ask({ ...question, model: name }, { ...bounds, live }), signal)
        demandAnswer(name, reply)
        return reply
      },
    }
  }

  return {
    async first(work) {
      const failed: unknown[] = []
      for (let at = from; ; at += 1) {
        const name = names[at] ?? model
        try {
          return await work(one(name))
        } catch (error) {
          context.signal.throwIfAborted()
          failed.push(error)
          const next = names[at + 1]
          const reason = reasonOf(error)
          const goesOn = reason !== null && (fallbackOn.includes('any') || fallbackOn.includes(reason))
          if (next === undefined || !goesOn) throw goesOn ? foremost(failed) : error
          context.log(`${name}: ${error instanceof Error ? error.message : String(error)} Now ${next} is asked.`)
          from = Math.max(from, at + 1)
        }
      }
    },
    outcome: () => ({ model: answered, ...spent() }),
  }
}

/** Gives up after a time, and says so. */
async function inTime<Made>(
  model: string,
  time: number,
  outer: AbortSignal,
  go: (signal: AbortSignal) => Promise<Made>,
): Promise<Made> {
  const own = new AbortController()
  const late = new TryLater('model.timeout', `${model} did not answer within ${time / 1000} s.`)
  const timer = setTimeout(() => own.abort(late), time)
  try {
    return await go(AbortSignal.any([outer, own.signal]))
  } finally {
    clearTimeout(timer)
  }
}

/** An answer that says nothing, or that the provider held back, is none. */
function demandAnswer(model: string, { text, parts, finish }: Reply): void {
  if (finish === 'filtered')
    throw new Refused('model.filtered', `${model} does not answer this: the rules of its provider do not allow it.`, { text })
  if (text.trim() !== '' || parts.some(part => part.is === 'file' || part.is === 'call')) return
  if (finish === 'length')
    throw new Refused(
      'model.too_short',
      `${model} used up its tokens before it wrote anything. Allow more, or let it think less.`,
    )
  throw new TryLater('model.empty', `${model} answered with nothing.`)
}

/** How it is to answer, without what was left out. */
export const settingsOf = (given: How): { settings: Settings } => {
  const { temperature, maxTokens, topP, stop, seed, effort } = given
  return {
    settings: {
      ...(temperature === undefined ? {} : { temperature }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(topP === undefined ? {} : { topP }),
      ...(stop === undefined ? {} : { stop }),
      ...(seed === undefined ? {} : { seed }),
      ...(effort === undefined ? {} : { effort }),
    },
  }
}
