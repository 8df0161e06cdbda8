import { Fault } from '#errors.ts'
import type { Shell } from '#executions/shell.ts'
import { makeWindow, type Window } from '#http/window.ts'
import type { Door } from './doors.ts'

/** By the length of the window. */
const known = new WeakMap<Shell, Map<number, Window>>()

/** Refuses a call that comes too soon after many others. Only verified calls are counted: a stranger cannot use up what a friend has. */
export function refuseTooMany(shell: Shell, { id, rate }: Door): void {
  if (rate === null) return
  const windows = known.get(shell) ?? new Map<number, Window>()
  known.set(shell, windows)
  const window = windows.get(rate.per) ?? makeWindow(rate.per, shell.world.clock)
  windows.set(rate.per, window)
  const { used, left } = window.count(id)
  if (used <= rate.calls) return
  const seconds = Math.max(1, Math.ceil(left / 1000))
  throw new Fault('request.too_many', {
    message: `The webhook takes ${rate.calls} calls in ${rate.per / 1000} s. Try again in ${seconds} s.`,
    retryAfter: seconds,
  })
}
