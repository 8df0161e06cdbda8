import { signal } from '../signal.ts'

/** Does the server answer? */
export const reachable = signal(true)

const EVERY = 4_000
let timer: ReturnType<typeof setInterval> | null = null

/** Takes note of whether a call reached the server; while it does not, knocks until it does. */
export function heard(answered: boolean): void {
  reachable.set(answered)
  if (answered && timer) {
    clearInterval(timer)
    timer = null
  }
  if (!answered) timer ??= setInterval(knock, EVERY)
}

async function knock(): Promise<void> {
  if (await answers()) heard(true)
}

const answers = async () => (await fetch('/api/health').catch(() => null))?.ok ?? false

/** Loads something; while the server does not answer it waits and then tries once more, instead of giving up. */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (await answers()) throw error
    heard(false)
    await new Promise<void>(resolve => {
      const stop = reachable.listen(() => {
        stop()
        resolve()
      })
    })
    return load()
  }
}
