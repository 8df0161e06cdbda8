import { Fault } from '#errors.ts'

/** The time of one call. It ends by itself, or with what the caller waits for. */
export type Deadline = {
  readonly signal: AbortSignal
  /** What is being done, for the message. */
  at: { host: string; reading: boolean }
  /** Forgets the timer and the caller. */
  end(): void
}

/** Starts the time of a call that the caller may give up. */
export function startDeadline(host: string, timeout: number, caller: AbortSignal): Deadline {
  const own = new AbortController()
  const at = { host, reading: false }
  const seconds = `${timeout / 1000} seconds`
  const timer = setTimeout(() => {
    end()
    own.abort(
      new Fault('outbound.timeout', {
        message: at.reading
          ? `${at.host} began to answer but was not done within ${seconds}.`
          : `${at.host} did not answer within ${seconds}.`,
      }),
    )
  }, timeout).unref()
  const giveUp = () => {
    end()
    own.abort(caller.reason)
  }
  function end(): void {
    clearTimeout(timer)
    caller.removeEventListener('abort', giveUp)
  }
  if (caller.aborted) giveUp()
  else caller.addEventListener('abort', giveUp)
  return { signal: own.signal, at, end }
}
