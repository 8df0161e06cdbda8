import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Spot } from './drawing.ts'

/** Where the next block goes: on an edge, behind a node by one of its outlets, or somewhere, perhaps into a container. */
export type Anchor =
  | { to: 'edge'; edge: string }
  | { to: 'outlet'; node: string; outlet: string | null; at?: Spot; parent?: string | undefined }
  | { to: 'spot'; at: Spot | null; parent?: string | undefined }

/** What the canvas shows besides the drawing. Nothing of it is kept. */
export type Board = {
  /** The library is open over the canvas to choose what goes there. */
  readonly picking: Anchor | null
  /** A connection is chosen from a list, beginning at this node. */
  readonly connecting: { node: string; outlet: string | null } | null
  /** The name of this node is being changed. */
  readonly renaming: string | null
  readonly finding: boolean
  readonly helping: boolean
  /** After nodes were taken out of a row: it can be closed. */
  readonly offer: { count: number; close: () => void } | null
}

/** The state of a canvas. */
export type BoardStore = StoreApi<Board>

/** A canvas on which nothing is open. */
export const makeBoard = (): BoardStore =>
  createStore(() => ({ picking: null, connecting: null, renaming: null, finding: false, helping: false, offer: null }))
