import './canvas.css'
import { ContextMenu } from '@base-ui/react/context-menu'
import {
  Background,
  ConnectionLineType,
  type FinalConnectionState,
  type NodeChange,
  type OnConnectEnd,
  ReactFlow,
  SelectionMode,
} from '@xyflow/react'
import { type DragEvent, type FocusEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '#engine/check.ts'
import { reconnect, refuses } from './actions/connect.ts'
import { Card } from './Card.tsx'
import { Cluster } from './Cluster.tsx'
import { change, choose } from './draft.ts'
import { DRAGGED } from './dragged.ts'
import { Frame } from './Frame.tsx'
import { type FlowEdge, type FlowNode, makeFlow } from './flow.ts'
import { frameAt } from './geometry.ts'
import { Items } from './Items.tsx'
import { drop, join, sizesNow, within } from './kit.ts'
import { useCatalogue, useDraft, useKit, useMode } from './open.ts'
import { SmallMap } from './SmallMap.tsx'
import { Start } from './Start.tsx'
import { Sticky } from './Sticky.tsx'
import type { States } from './states.ts'
import { GRID } from './steer.ts'
import { Tools } from './Tools.tsx'
import { useDrag } from './useDrag.ts'
import { useLabel } from './useLabel.ts'
import { after, moved, openAt, SMALLEST } from './view.ts'
import { Wire } from './Wire.tsx'

const BOXES = { card: Card, frame: Frame, note: Sticky, group: Cluster }
const LINES = { wire: Wire }
const NO_PROBLEMS: readonly Problem[] = []
const SNAP: [number, number] = [GRID, GRID]
const MANY = ['Meta', 'Control', 'Shift']
/** With fewer boxes it is quicker to draw all of them than to look which are in sight. */
const FEW = 60

type Props = {
  /** How the nodes stand in a run. */
  states?: States | undefined
  problems?: readonly Problem[]
}

/** The drawing: boxes that are moved, connected and opened. In a provider of mode `read` it is only looked at. */
export function Canvas({ states, problems = NO_PROBLEMS }: Props) {
  const { t } = useTranslation()
  const kit = useKit()
  const catalogue = useCatalogue()
  const edits = useMode() === 'edit'
  const drawing = useDraft(draft => draft.drawing)
  const selected = useDraft(draft => draft.selected)
  const [flow] = useState(makeFlow)
  const { live, take, drag, stop } = useDrag(kit)
  const [joining, setJoining] = useState(false)
  const point = useRef<{ x: number; y: number } | null>(null)
  const label = useLabel()

  const still = useMemo(
    () => flow.nodes({ drawing, catalogue, selected, states, problems, label }),
    [flow, drawing, catalogue, selected, states, problems, label],
  )
  const edges = useMemo(() => flow.edges({ drawing, selected, states }), [flow, drawing, selected, states])
  const nodes = useMemo(() => (live.boxes.size === 0 ? still : still.map(node => moved(node, live))), [still, live])

  useEffect(
    () => () => {
      kit.view.current = null
    },
    [kit],
  )

  const takeAll = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const picks = changes.filter(one => one.type === 'select')
      if (picks.length > 0) choose(kit.draft, after(kit.draft.getState().selected, picks))
      take(changes)
    },
    [kit, take],
  )

  /** An edge that is let go over nothing: what is to stand there is chosen at once. */
  const letGo: OnConnectEnd = useCallback(
    (event, state: FinalConnectionState) => {
      setJoining(false)
      const { fromHandle, toNode, isValid } = state
      if (!fromHandle || isValid) return
      if (toNode) {
        const [source, target] = fromHandle.type === 'source' ? [fromHandle.nodeId, toNode.id] : [toNode.id, fromHandle.nodeId]
        const why = refuses(
          kit.draft.getState().drawing,
          { source, target, sourceHandle: fromHandle.type === 'source' ? (fromHandle.id ?? 'main') : 'main' },
          catalogue,
        )
        if (why) kit.refuse(why)
        return
      }
      const { clientX, clientY } = 'changedTouches' in event ? (event.changedTouches[0] ?? { clientX: 0, clientY: 0 }) : event
      const spot = kit.view.current?.screenToFlowPosition({ x: clientX, y: clientY })
      if (!spot || fromHandle.type !== 'source') return
      const now = kit.draft.getState().drawing
      const parent = now.nodes.find(node => node.id === fromHandle.nodeId)?.parent
      const at = within(now, { x: spot.x, y: spot.y - 40 }, parent)
      kit.board.setState({ picking: { to: 'outlet', node: fromHandle.nodeId, outlet: fromHandle.id ?? 'main', at, parent } })
    },
    [kit, catalogue],
  )

  const dropBlock = (event: DragEvent) => {
    const block = catalogue.blocks.find(one => one.id === event.dataTransfer.getData(DRAGGED))
    const spot = kit.view.current?.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    if (!block || !spot || !edits) return
    event.preventDefault()
    drop(kit, block, { x: spot.x - 120, y: spot.y - 40 })
  }

  const focus = ({ target }: FocusEvent<HTMLElement>) => {
    const id = target.matches('.react-flow__node:focus-visible') ? target.dataset.id : undefined
    if (id !== undefined && !kit.draft.getState().selected.has(id)) choose(kit.draft, [id])
  }

  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        render={
          <section
            data-canvas
            aria-label={t('canvas.title')}
            className={joining ? 'connecting relative size-full' : 'relative size-full'}
            onDrop={dropBlock}
            onDragOver={event => event.dataTransfer.types.includes(DRAGGED) && event.preventDefault()}
            onFocus={focus}
            onContextMenuCapture={event => {
              const spot = kit.view.current?.screenToFlowPosition({ x: event.clientX, y: event.clientY })
              point.current = spot ?? null
            }}
          />
        }
      >
        <ReactFlow<FlowNode, FlowEdge>
          nodes={nodes}
          edges={edges}
          nodeTypes={BOXES}
          edgeTypes={LINES}
          onInit={view => {
            kit.view.current = view
            openAt(view)
          }}
          onNodesChange={takeAll}
          onEdgesChange={changes => {
            const picks = changes.filter(one => one.type === 'select')
            if (picks.length > 0) choose(kit.draft, after(kit.draft.getState().selected, picks))
          }}
          onNodeDrag={(_event, _node, all) => drag(all)}
          onNodeDragStop={(_event, _node, all) => stop(all)}
          onSelectionDrag={(_event, all) => drag(all)}
          onSelectionDragStop={(_event, all) => stop(all)}
          onNodeDoubleClick={(_event, node) => (node.type === 'card' || node.type === 'frame') && kit.opens(node.id)}
          onNodeContextMenu={(_event, node) => kit.draft.getState().selected.has(node.id) || choose(kit.draft, [node.id])}
          onEdgeContextMenu={(_event, edge) => choose(kit.draft, [edge.id])}
          onConnectStart={() => setJoining(true)}
          onConnect={({ source, target, sourceHandle }) => join(kit, { source, target, sourceHandle: sourceHandle ?? 'main' })}
          onConnectEnd={letGo}
          onReconnect={(edge, { source, target, sourceHandle }) =>
            change(kit.draft, 'connect', now =>
              reconnect(now, edge.id, { source, target, sourceHandle: sourceHandle ?? 'main' }, catalogue),
            )
          }
          isValidConnection={({ source, target, sourceHandle }) =>
            refuses(kit.draft.getState().drawing, { source, target, sourceHandle: sourceHandle ?? 'main' }, catalogue) === null
          }
          connectionLineType={ConnectionLineType.Bezier}
          connectionRadius={28}
          connectOnClick={false}
          nodesDraggable={edits}
          nodesConnectable={edits}
          edgesReconnectable={edits}
          nodesFocusable
          edgesFocusable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          multiSelectionKeyCode={MANY}
          selectionKeyCode="Shift"
          selectionMode={SelectionMode.Partial}
          zoomOnDoubleClick={false}
          snapToGrid
          snapGrid={SNAP}
          minZoom={SMALLEST}
          maxZoom={2}
          onlyRenderVisibleElements={nodes.length > FEW}
          elevateNodesOnSelect={false}
          proOptions={{ hideAttribution: true }}
        >
          <Background gap={24} size={1.5} />
          {drawing.nodes.length > 8 && <SmallMap />}
        </ReactFlow>
        {drawing.nodes.length === 0 && edits && <Start />}
        <Tools />
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Positioner className="z-50 outline-none">
          <ContextMenu.Popup className="glass rise max-h-(--available-height) w-64 overflow-y-auto rounded-xl border border-line p-1.5 shadow-lift outline-none">
            <Items
              at={() =>
                point.current && {
                  spot: point.current,
                  parent: frameAt(drawing, point.current, sizesNow(kit), catalogue, new Set()),
                }
              }
            />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  )
}
