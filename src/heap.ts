import { runInNewContext } from 'node:vm'

/** V8's own sweep, where `bin/promptpilot.js` has allowed it. It stands in a context of its own, which takes a moment to make. */
const find = (): unknown => runInNewContext('globalThis.gc')

/** Sweeps all that this thread no longer needs and gives the memory back at once; V8 itself would wait until there is much more. */
export function sweepHeap(): void {
  const gc = find()
  if (typeof gc === 'function') gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

let known: unknown = null

/** Sweeps what was only just made: a few milliseconds. Of bytes that stand outside of its heap V8 knows too little to do it in time. */
export function sweepYoung(): void {
  if (known === null) known = find()
  if (typeof known === 'function') known({ type: 'minor', execution: 'sync' })
}
