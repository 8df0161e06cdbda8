import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Board } from './board.ts'
import type { Catalogue } from './catalogue.ts'
import type { Command } from './commands.ts'
import type { Draft } from './draft.ts'
import type { Kit } from './kit.ts'

/** A drawing can be changed, or only looked at. */
export type Mode = 'edit' | 'read'
type Open = { kit: Kit; mode: Mode; commands: readonly Command[] }

/** What `DraftProvider` hands down. */
export const Context = createContext<Open | null>(null)

function useOpen(): Open {
  const open = useContext(Context)
  if (!open) throw new Error('There is no draft around this.')
  return open
}

/** What everything that is done here works on. */
export const useKit = (): Kit => useOpen().kit

/** Can the drawing be changed here? */
export const useMode = (): Mode => useOpen().mode

/** What can be done here. */
export const useCommands = (): readonly Command[] => useOpen().commands

/** The blocks there are. */
export const useCatalogue = (): Catalogue => useOpen().kit.catalogue

/** A part of the draft; what shows it is drawn anew only when that part is another. */
export const useDraft = <T>(pick: (draft: Draft) => T): T => useStore(useOpen().kit.draft, pick)

/** A part of what the canvas shows besides the drawing. */
export const useBoard = <T>(pick: (board: Board) => T): T => useStore(useOpen().kit.board, pick)
