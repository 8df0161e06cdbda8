import type { ReactFlowInstance } from '@xyflow/react'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { say } from '../ui/toasts.ts'
import { makeBoard } from './board.ts'
import type { Catalogue } from './catalogue.ts'
import { COMMANDS } from './commands.ts'
import { choose, type DraftStore } from './draft.ts'
import type { FlowEdge, FlowNode } from './flow.ts'
import type { Kit } from './kit.ts'
import { Overlays } from './Overlays.tsx'
import { Context, type Mode } from './open.ts'
import { useKeys } from './useKeys.ts'

type Props = {
  draft: DraftStore
  catalogue: Catalogue
  mode?: Mode
  /** A node is to be shown in full. */
  onOpen?: ((id: string) => void) | undefined
  children: ReactNode
}

/** Everything below works on this draft, with these blocks: the canvas, the library, the outline, the lists beside them. */
export function DraftProvider({ draft, catalogue, mode = 'edit', onOpen, children }: Props) {
  const { t } = useTranslation()
  const [board] = useState(makeBoard)
  const view = useRef<ReactFlowInstance<FlowNode, FlowEdge>>(null)
  const open = useRef(onOpen)
  useEffect(() => {
    open.current = onOpen
  }, [onOpen])
  const kit = useMemo(
    (): Kit => ({
      draft,
      catalogue,
      board,
      view,
      refuse: why => say(t(`canvas.refused.${why}`), 'info'),
      opens(id) {
        choose(draft, [id])
        open.current?.(id)
      },
    }),
    [draft, catalogue, board, t],
  )
  const commands = useMemo(() => COMMANDS.filter(one => mode === 'edit' || !one.edits), [mode])
  const value = useMemo(() => ({ kit, mode, commands }), [kit, mode, commands])
  useKeys(kit, mode, commands)
  return (
    <Context value={value}>
      {children}
      <Overlays />
    </Context>
  )
}
