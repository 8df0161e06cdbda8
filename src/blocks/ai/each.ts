import type { Context } from '#sdk/context.ts'
import { Refused, TryLater } from '#sdk/fail.ts'

/** More pieces than this nobody wants to pay for by mistake. */
const MOST = 500
/** A piece that did not work now is tried so often, so that the others need not be paid again. */
const TRIES = 4
/** The first pause, and the longest. */
const PAUSE = { first: 1_000, most: 60_000 }

/** What one piece is worked on with. */
type Work<In, Out> = (item: In, at: number, signal: AbortSignal) => Promise<Out>

/** Works on every piece, so many at once; what comes of them is in their order. When one fails for good the others are given up. */
export async function eachOf<In, Out>(
  list: readonly In[],
  atOnce: number,
  context: Context,
  work: Work<In, Out>,
): Promise<Out[]> {
  if (list.length > MOST)
    throw new Refused(
      'input.too_large',
      `The text would be cut into ${list.length} pieces; at most ${MOST} are possible. Give less, or larger pieces.`,
    )
  const over = new AbortController()
  const signal = AbortSignal.any([context.signal, over.signal])
  const made = new Array<Out>(list.length)
  const waiting = list.entries()
  const worker = async () => {
    for (const [at, item] of waiting) {
      signal.throwIfAborted()
      made[at] = await patiently(context, signal, list.length, () => work(item, at, signal))
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, worker))
    return made
  } catch (error) {
    over.abort(new Error('another piece has failed'))
    throw error
  }
}

/** Of a single piece the engine tries again by itself. */
async function patiently<Out>(context: Context, signal: AbortSignal, pieces: number, work: () => Promise<Out>): Promise<Out> {
  for (let tried = 1; ; tried += 1)
    try {
      return await work()
    } catch (error) {
      if (pieces === 1 || tried >= TRIES || !(error instanceof TryLater)) throw error
      const time = Math.min(PAUSE.most, error.after ?? PAUSE.first * 2 ** (tried - 1))
      context.log(`${error.message} The piece is tried again in ${time / 1000} s.`)
      await pause(time, signal)
    }
}

const pause = (time: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    signal.throwIfAborted()
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, time)
    function stop(): void {
      clearTimeout(timer)
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
  })
