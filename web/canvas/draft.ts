import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Drawing } from './drawing.ts'

/** A moment one can go back to: what was drawn and selected, and the word for what was done then. */
export type Step = { verb: string; drawing: Drawing; selected: ReadonlySet<string> }

/** An open workflow: the drawing, what is selected in it, and the way back and forth. */
export type Draft = {
  readonly drawing: Drawing
  /** Ids of nodes, edges, notes and groups. */
  readonly selected: ReadonlySet<string>
  readonly past: readonly Step[]
  readonly future: readonly Step[]
  /** The change that further ones of the same kind are joined with. */
  readonly run: { name: string; at: number } | null
}

/** A draft with those who listen to it. */
export type DraftStore = StoreApi<Draft>

/** How far one can go back. */
export const STEPS = 200
/** After a pause this long, in milliseconds, further typing is a step of its own. */
const PAUSE = 1_000

/** Opens a drawing. */
export const makeDraft = (drawing: Drawing): DraftStore =>
  createStore(() => ({ drawing, selected: new Set<string>(), past: [], future: [], run: null }))

type How = {
  /** Changes with the same name that follow each other closely are one step: typing in one field, nudging one node. */
  run?: string
  /** What is selected afterwards; by default what was, as far as it is still there. */
  select?: Iterable<string>
  now?: number
}

/** Changes the drawing by a pure function, so that it can be undone. What changes nothing leaves no step. */
export function change(
  store: DraftStore,
  verb: string,
  fn: (drawing: Drawing) => Drawing,
  { run, select, now = Date.now() }: How = {},
): void {
  const before = store.getState()
  const drawing = fn(before.drawing)
  if (drawing === before.drawing) {
    if (select) choose(store, select)
    return
  }
  const joins = run !== undefined && before.run?.name === run && now - before.run.at < PAUSE
  const step: Step = { verb, drawing: before.drawing, selected: before.selected }
  store.setState({
    drawing,
    selected: select ? new Set(select) : kept(before.selected, drawing),
    past: joins ? before.past : [...before.past, step].slice(-STEPS),
    future: [],
    run: run === undefined ? null : { name: run, at: now },
  })
}

/** Goes one step back. */
export function undo(store: DraftStore): void {
  const { past, future, drawing, selected } = store.getState()
  const step = past.at(-1)
  if (!step) return
  store.setState({
    drawing: step.drawing,
    selected: step.selected,
    past: past.slice(0, -1),
    future: [...future, { verb: step.verb, drawing, selected }],
    run: null,
  })
}

/** Goes one step forth again. */
export function redo(store: DraftStore): void {
  const { past, future, drawing, selected } = store.getState()
  const step = future.at(-1)
  if (!step) return
  store.setState({
    drawing: step.drawing,
    selected: step.selected,
    past: [...past, { verb: step.verb, drawing, selected }],
    future: future.slice(0, -1),
    run: null,
  })
}

/** Selects these and nothing else. */
export function choose(store: DraftStore, ids: Iterable<string>): void {
  const next = new Set(ids)
  const { selected } = store.getState()
  if (next.size === selected.size && next.isSubsetOf(selected)) return
  store.setState({ selected: next, run: null })
}

/** Takes over what somebody else has changed: also in the steps back and forth, so that undoing takes only one's own changes back. */
export function takeOver(store: DraftStore, fn: (drawing: Drawing) => Drawing): void {
  const { drawing, selected, past, future } = store.getState()
  const next = fn(drawing)
  const again = (step: Step): Step => ({ ...step, drawing: fn(step.drawing) })
  store.setState({ drawing: next, selected: kept(selected, next), past: past.map(again), future: future.map(again), run: null })
}

/** Those of the selected that are still there. */
function kept(selected: ReadonlySet<string>, drawing: Drawing): ReadonlySet<string> {
  if (selected.size === 0) return selected
  const ids = new Set([...drawing.nodes, ...drawing.edges].map(one => one.id))
  for (const one of [...drawing.layout.notes, ...drawing.layout.groups])
    if (typeof one === 'object' && one !== null && 'id' in one) ids.add(String(one.id))
  return selected.isSubsetOf(ids) ? selected : selected.intersection(ids)
}
