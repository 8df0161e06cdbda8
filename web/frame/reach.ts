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
  const response = await fetch('/api/health').catch(() => null)
  if (response?.ok) heard(true)
}
