import { type NodeProps, NodeResizer } from '@xyflow/react'
import { Plus } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../ui/classes.ts'
import { Marks } from './Card.tsx'
import type { FlowNode } from './flow.ts'
import { iconOf } from './icons.ts'
import { Outlets } from './Outlets.tsx'
import { useDraft, useKit, useMode } from './open.ts'
import { StateLine } from './State.tsx'
import { summaryOf } from './summary.ts'
import { tintOf } from './tint.ts'

/** A container: a frame around what runs in it, with how many turns are done. */
export const Frame = memo(function Frame({ id, data, selected }: NodeProps<Extract<FlowNode, { type?: 'frame' }>>) {
  const { t } = useTranslation()
  const { board } = useKit()
  const edits = useMode() === 'edit'
  const isEmpty = useDraft(draft => !draft.drawing.nodes.some(node => node.parent === id))
  const { node, block, name, state } = data
  const Icon = iconOf(block?.icon)
  const summary = summaryOf(node, block)
  return (
    <div
      data-state={state?.is}
      data-chosen={selected || undefined}
      className={classes('node-frame relative flex size-full flex-col rounded-2xl', node.disabled && 'node-off')}
    >
      {edits && (
        <NodeResizer
          isVisible={selected}
          minWidth={240}
          minHeight={120}
          lineClassName="resize-line"
          handleClassName="resize-knob"
        />
      )}
      <div className="flex h-11 shrink-0 items-center gap-2.5 px-3">
        <span data-tint={tintOf(block?.group)} className="tile grid size-7 shrink-0 place-items-center rounded-lg">
          <Icon aria-hidden className="size-4" />
        </span>
        <span className="max-w-[60%] shrink-0 truncate text-[0.8125rem] font-semibold" dir="auto">
          {name}
        </span>
        <span
          className={classes('min-w-0 flex-1 truncate text-xs', summary && 'needs' in summary ? 'text-warning' : 'text-muted')}
          dir="auto"
        >
          {summary && ('needs' in summary ? t('canvas.needs', { fields: summary.needs.join(', ') }) : summary.says)}
        </span>
        <Marks data={data} />
        {state && <StateLine state={state} />}
      </div>
      {isEmpty && (
        <div className="grid flex-1 place-items-center p-4">
          {edits ? (
            <button
              type="button"
              tabIndex={-1}
              onClick={() => board.setState({ picking: { to: 'spot', at: { x: 32, y: 72 }, parent: id } })}
              className="nodrag flex items-center gap-2 rounded-lg border border-dashed border-edge px-3 py-2 text-xs text-muted hover:border-ring hover:text-text"
            >
              <Plus aria-hidden className="size-3.5" />
              {t('canvas.frameEmpty')}
            </button>
          ) : (
            <span className="text-xs text-muted">{t('canvas.frameNothing')}</span>
          )}
        </div>
      )}
      <Outlets data={data} isFrame />
    </div>
  )
})
