import { useTranslation } from 'react-i18next'
import type { Catalogue } from '../canvas/catalogue.ts'
import { around, type Drawing, nameOf } from '../canvas/drawing.ts'
import { iconOf } from '../canvas/icons.ts'
import { StateLine } from '../canvas/State.tsx'
import { classes } from '../ui/classes.ts'
import type { Standing } from './course.ts'
import { orderOf } from './order.ts'
import { stateOf } from './states.ts'

type Props = {
  drawing: Drawing
  catalogue: Catalogue
  standings: ReadonlyMap<string, Standing>
  chosen: string | null
  onChoose: (id: string) => void
}

/** Every node in the order of the drawing, with how it stands: the same as the canvas, to be read. */
export function Steps({ drawing, catalogue, standings, chosen, onChoose }: Props) {
  const { t } = useTranslation()
  return (
    <ol aria-label={t('runs.steps')} className="grid gap-0.5 p-2">
      {orderOf(drawing).map(node => {
        const standing = standings.get(node.id)
        const Icon = iconOf(catalogue.of(node)?.icon)
        const inside = around(drawing, node.id)
        return (
          <li key={node.id} data-step={node.key} className={classes(inside.length > 0 && 'ml-4 border-l border-line pl-1')}>
            <button
              type="button"
              aria-current={chosen === node.id || undefined}
              onClick={() => onChoose(node.id)}
              className="grid w-full gap-1 rounded-lg px-2.5 py-2 text-left transition-colors hover:bg-hover aria-[current]:bg-press"
            >
              <span className="flex min-w-0 items-center gap-2 text-[0.8125rem] font-medium">
                <Icon aria-hidden className="size-4 shrink-0 text-muted" />
                <span className="truncate" dir="auto">
                  {nameOf(node)}
                </span>
              </span>
              {standing && <StateLine state={stateOf(standing)} />}
            </button>
          </li>
        )
      })}
    </ol>
  )
}
