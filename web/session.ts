import type { Failure } from './api.ts'
import { tab } from './api.ts'
import { signal } from './signal.ts'

/** Forms that hold something a person has typed and not sent yet. */
const drafts = new Set<object>()

/** Marks a form as holding something, or no longer. */
export function holdDraft(form: object, holds: boolean): void {
  if (holds) drafts.add(form)
  else drafts.delete(form)
}

/** True while somebody has to sign in again over the screen they are on, because a form on it is not sent yet. */
export const signInAgain = signal(false)

type Ways = { leave: () => void; lookAgain: () => void }
let ways: Ways = { leave: () => {}, lookAgain: () => {} }

/** Says what happens when a session has ended, or when a role or workspace is not what it was. */
export function onChange(next: Ways): void {
  ways = next
}

/** What a failure means for the whole page: the session is over, or rights are not what the screen believes. */
export function meet(failure: Pick<Failure, 'code'>): void {
  if (failure.code === 'auth.required') {
    if (drafts.size > 0) signInAgain.set(true)
    else ways.leave()
  }
  if (failure.code === 'workspace.not_found' || failure.code === 'workspace.none') {
    tab.enter(null)
    ways.lookAgain()
  }
  if (failure.code === 'role.too_small') ways.lookAgain()
}
