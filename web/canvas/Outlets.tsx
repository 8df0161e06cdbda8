import { Handle, Position } from '@xyflow/react'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { classes } from '../ui/classes.ts'
import type { CardData } from './flow.ts'
import { inletAt, outletAt } from './geometry.ts'
import { useKit, useMode } from './open.ts'

type Props = { data: CardData; isFrame?: boolean }

/** Where edges enter a node and leave it, each way out with its name, and a + where nothing follows yet. */
export function Outlets({ data: { node, outlets, open, hasInlet }, isFrame = false }: Props) {
  const { t } = useTranslation()
  const { board } = useKit()
  const edits = useMode() === 'edit'
  const nameOf = (outlet: string) => (outlet === 'error' ? t('canvas.outlet.error') : outlet)
  return (
    <>
      {hasInlet && (
        <Handle
          type="target"
          id="in"
          position={Position.Left}
          isConnectable={edits}
          style={{ top: inletAt(isFrame) }}
          className="inlet"
        />
      )}
      {outlets.map((outlet, at) => {
        const top = outletAt(at, outlets.length, isFrame)
        const isNamed = outlet !== 'main' || outlets.length > 1
        return (
          <div key={outlet}>
            {isNamed && (
              <span
                style={{ top: top - 10 }}
                className={classes(
                  'pointer-events-none absolute right-3.5 max-w-40 truncate text-[0.6875rem] leading-5 font-medium',
                  outlet === 'error' ? 'text-danger' : 'text-muted',
                )}
              >
                {outlet === 'main' ? t('canvas.outlet.main') : nameOf(outlet)}
              </span>
            )}
            <Handle
              type="source"
              id={outlet}
              position={Position.Right}
              isConnectable={edits}
              style={{ top }}
              className={classes('outlet', outlet === 'error' && 'outlet-error')}
            />
            {edits && open.includes(outlet) && (
              <button
                type="button"
                tabIndex={-1}
                style={{ top: top - 11 }}
                aria-label={t('canvas.addAfter', { outlet: outlet === 'main' ? t('canvas.outlet.main') : nameOf(outlet) })}
                onClick={event => {
                  event.stopPropagation()
                  board.setState({ picking: { to: 'outlet', node: node.id, outlet } })
                }}
                className="nodrag nopan more absolute -right-9 grid size-[22px] place-items-center rounded-full border border-edge bg-ground text-muted hover:border-ring hover:text-text"
              >
                <Plus aria-hidden className="size-3.5" />
              </button>
            )}
          </div>
        )
      })}
    </>
  )
}
