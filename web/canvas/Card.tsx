import type { NodeProps } from '@xyflow/react'
import { CircleAlert, EyeOff, TriangleAlert, Unplug } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../ui/classes.ts'
import type { CardData, FlowNode } from './flow.ts'
import { iconOf } from './icons.ts'
import { Outlets } from './Outlets.tsx'
import { StateLine } from './State.tsx'
import { summaryOf } from './summary.ts'
import { tintOf } from './tint.ts'

/** A node: what it is, what it is called, what it will do, and how it stands. */
export const Card = memo(function Card({ data, selected }: NodeProps<Extract<FlowNode, { type?: 'card' }>>) {
  const { node, block, name, state } = data
  const Icon = block ? iconOf(block.icon) : Unplug
  return (
    <div
      data-state={state?.is}
      data-chosen={selected || undefined}
      className={classes('node-card relative size-full rounded-xl', node.disabled && 'node-off', !block && 'border-dashed')}
    >
      <div className="flex h-20 items-center gap-3 pr-4 pl-3.5">
        <span data-tint={tintOf(block?.group)} className="tile grid size-10 shrink-0 place-items-center rounded-[10px]">
          <Icon aria-hidden className="size-5" />
        </span>
        <span className="grid min-w-0 flex-1 gap-0.5">
          <span className="flex min-w-0 items-center gap-1.5">
            <span className="truncate text-[0.8125rem] leading-5 font-semibold" dir="auto">
              {name}
            </span>
            <Marks data={data} />
          </span>
          <Says data={data} />
        </span>
      </div>
      <Outlets data={data} />
      {state && (
        <span className="absolute top-full left-1 pt-1.5">
          <StateLine state={state} />
        </span>
      )}
    </div>
  )
})

/** What is wrong with a node, and what is special about it. */
export function Marks({ data: { node, problems } }: { data: CardData }) {
  const { t } = useTranslation()
  const isError = problems.some(one => one.severity === 'error')
  const Icon = isError ? CircleAlert : TriangleAlert
  return (
    <>
      {node.disabled && <EyeOff aria-label={t('canvas.off')} role="img" className="size-3.5 shrink-0 text-muted" />}
      {problems.length > 0 && (
        <span
          role="img"
          title={problems.map(one => one.message).join('\n')}
          aria-label={t('canvas.problems.count', { count: problems.length })}
          className={classes(
            'ml-auto flex shrink-0 items-center gap-1 text-xs font-semibold',
            isError ? 'text-danger' : 'text-warning',
          )}
        >
          <Icon aria-hidden className="size-3.5" />
          {problems.length > 1 && problems.length}
        </span>
      )}
    </>
  )
}

/** One line: the end of what it says while it runs, else what it will do. */
function Says({ data: { node, block, name, state } }: { data: CardData }) {
  const { t } = useTranslation()
  const line = 'truncate text-xs leading-4 text-muted'
  if (state?.text) return <span className={classes(line, state.is === 'failed' && 'text-danger')}>{state.text.slice(-160)}</span>
  if (!block) return <span className={line}>{t('canvas.gone', { block: node.block })}</span>
  const summary = summaryOf(node, block)
  if (summary && 'needs' in summary)
    return (
      <span className="truncate text-xs leading-4 text-warning">{t('canvas.needs', { fields: summary.needs.join(', ') })}</span>
    )
  return (
    <span className={line} dir="auto">
      {summary ? summary.says : name === block.title ? block.about : block.title}
    </span>
  )
}
