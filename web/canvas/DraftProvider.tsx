import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { useStore } from 'zustand'
import type { Catalogue } from './catalogue.ts'
import type { Draft, DraftStore } from './draft.ts'

type Open = { draft: DraftStore; catalogue: Catalogue }
const Context = createContext<Open | null>(null)

/** Everything below works on this draft, with these blocks. */
export function DraftProvider({ draft, catalogue, children }: Open & { children: ReactNode }) {
  const open = useMemo(() => ({ draft, catalogue }), [draft, catalogue])
  return <Context value={open}>{children}</Context>
}

/** The draft itself, to change it or to listen. */
export const useDraftStore = (): DraftStore => useOpen().draft

/** The blocks there are. */
export const useCatalogue = (): Catalogue => useOpen().catalogue

/** A part of the draft; what shows it is drawn anew only when that part is another. */
export const useDraft = <T,>(pick: (draft: Draft) => T): T => useStore(useOpen().draft, pick)

function useOpen(): Open {
  const open = useContext(Context)
  if (!open) throw new Error('There is no draft around this.')
  return open
}
