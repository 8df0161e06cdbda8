import { MousePointerClick } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { iconOf } from './icons.ts'
import { place } from './kit.ts'
import { useCatalogue, useKit } from './open.ts'
import { steerTo } from './steer.ts'
import { tintOf } from './tint.ts'

/** What an empty canvas says: what a workflow begins with, and how to go on. */
export function Start() {
  const { t } = useTranslation()
  const kit = useKit()
  const { blocks } = useCatalogue()
  const starts = blocks.filter(block => block.start !== null).slice(0, 4)
  return (
    <div className="pointer-events-none absolute inset-0 grid place-items-center p-4 pb-20">
      <div className="pointer-events-auto grid w-full max-w-lg gap-4 text-center">
        <div className="grid gap-1.5">
          <h2 className="text-lg">{t('canvas.start.title')}</h2>
          <p className="text-muted">{t('canvas.start.about')}</p>
        </div>
        <ul className="grid gap-2.5 text-left sm:grid-cols-2">
          {starts.map(block => {
            const Icon = iconOf(block.icon)
            return (
              <li key={block.id}>
                <button
                  type="button"
                  onClick={() => {
                    const id = place(kit, block, { to: 'spot', at: { x: 0, y: 0 } })
                    if (id !== null) steerTo(kit, id)
                  }}
                  className="card flex h-full w-full items-center gap-3 p-3 text-left transition-colors hover:border-edge hover:bg-hover"
                >
                  <span data-tint={tintOf(block.group)} className="tile grid size-9 shrink-0 place-items-center rounded-lg">
                    <Icon aria-hidden className="size-4.5" />
                  </span>
                  <span className="grid min-w-0">
                    <span className="font-medium">{block.title}</span>
                    <span className="line-clamp-2 text-xs leading-4 text-muted">{block.about}</span>
                  </span>
                </button>
              </li>
            )
          })}
        </ul>
        <div className="flex flex-wrap justify-center gap-2.5">
          <Button
            icon={<MousePointerClick aria-hidden className="size-4" />}
            onClick={() => kit.board.setState({ picking: { to: 'spot', at: null } })}
          >
            {t('canvas.start.all')}
          </Button>
        </div>
        <p className="text-xs text-muted">{t('canvas.start.hint')}</p>
      </div>
    </div>
  )
}
