import { Popover } from '@base-ui/react/popover'
import { DatabaseZap } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { insertAt } from '../complete.ts'
import { useForm } from '../context.ts'
import type { Reach } from '../reach.ts'
import { lineOf, type Path } from '../values.ts'
import { Reachable } from './Reachable.tsx'

type Props = { title: string; path: Path; value: unknown; onChange: (next: string) => void; reach: Reach }

/** Picks a value from what ran before and puts it where the person was writing. */
export function Insert({ title, path, value, onChange, reach }: Props) {
  const { t } = useTranslation()
  const { remembered } = useForm()
  const [open, setOpen] = useState(false)
  const pick = (place: (string | number)[]) => {
    const text = lineOf(value)
    const at = remembered(path) ?? { from: text.length, to: text.length }
    onChange(insertAt(text.trim() === '{{  }}' ? '' : text, at, place).text)
    setOpen(false)
  }
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={t('forms.insertInto', { title })}
        title={t('forms.insert')}
        className="grid size-6 place-items-center rounded-md text-muted transition-colors hover:bg-hover hover:text-text data-popup-open:bg-press data-popup-open:text-accent pointer-coarse:size-10"
      >
        <DatabaseZap aria-hidden className="size-3.5" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="end" sideOffset={6} className="z-60">
          <Popover.Popup
            aria-label={t('forms.insertInto', { title })}
            className="glass border border-line rise flex max-h-[min(26rem,var(--available-height))] w-88 max-w-[calc(100vw-1rem)] flex-col rounded-xl shadow-lift outline-none"
          >
            <Reachable reach={reach} onPick={pick} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
