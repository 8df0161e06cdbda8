import { BaseEdge, type EdgeProps, getBezierPath } from '@xyflow/react'
import { memo } from 'react'
import type { FlowEdge } from './flow.ts'
import { useKit, useMode } from './open.ts'

/** An edge: its outlet by name, and in its middle a + to put something in. */
export const Wire = memo(function Wire({
  id,
  sourceX,
  sourceY,
  sourcePosition,
  targetX,
  targetY,
  targetPosition,
  selected,
  data,
}: EdgeProps<FlowEdge>) {
  const { board } = useKit()
  const edits = useMode() === 'edit'
  const [path, x, y] = getBezierPath({ sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition, curvature: 0.32 })
  return (
    <g
      data-taken={data?.taken || undefined}
      data-live={data?.live || undefined}
      data-chosen={selected || undefined}
      data-outlet={data?.label === 'error' ? 'error' : undefined}
      className="wire"
    >
      <BaseEdge id={id} path={path} interactionWidth={24} />
      {data?.live && (
        <circle r="3" className="wire-spark">
          <animateMotion dur="1.2s" repeatCount="indefinite" path={path} />
        </circle>
      )}
      {data?.label && (
        <text x={x} y={y - 10} textAnchor="middle" className="wire-label">
          {data.label}
        </text>
      )}
      {edits && (
        // biome-ignore lint/a11y/noStaticElementInteractions: by keys one inserts with A while the edge is selected, or in the outline.
        <g
          transform={`translate(${x} ${y})`}
          className="wire-more nodrag nopan"
          onClick={event => {
            event.stopPropagation()
            board.setState({ picking: { to: 'edge', edge: id } })
          }}
        >
          <circle r="11" />
          <path d="M-4.5 0h9M0 -4.5v9" />
        </g>
      )}
    </g>
  )
})
