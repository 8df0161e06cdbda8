import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button.tsx'
import { classes } from '../../ui/classes.ts'
import type { Block } from '../Inspector.tsx'
import { isObject } from '../schema.ts'

type Props = {
  block: Block
  params: Record<string, unknown>
  disabled: boolean
  onUse: (params: Record<string, unknown>) => void
}

/** What a block does, and an example of it that can be taken over. */
export function Help({ block, params, disabled, onUse }: Props) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { input, output } = block.example
  const isEmpty = Object.keys(params).length === 0
  return (
    <section aria-label={t('inspector.help')} className="grid min-w-0 grid-cols-1 gap-2 text-[0.8125rem]">
      <p className="text-muted">{block.about}</p>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="-mx-1 flex min-h-7 w-fit items-center gap-1.5 rounded-md px-1 text-xs text-muted hover:text-text pointer-coarse:min-h-11"
      >
        <ChevronRight aria-hidden className={classes('size-3.5 transition-transform', open && 'rotate-90')} />
        {t('inspector.example')}
      </button>
      {open && (
        <div className="grid min-w-0 grid-cols-1 gap-2.5 rounded-xl border border-line bg-hover/40 p-3">
          <Shown label={t('inspector.exampleInput')} value={input} />
          <Shown label={t('inspector.exampleOutput')} value={output} />
          {!disabled && isObject(input) && (
            <Button size="small" className="w-fit" onClick={() => onUse(input)}>
              {isEmpty ? t('inspector.useExample') : t('inspector.replaceByExample')}
            </Button>
          )}
        </div>
      )}
    </section>
  )
}

function Shown({ label, value }: { label: string; value: unknown }) {
  return (
    <div className="grid min-w-0 grid-cols-1 gap-1">
      <span className="text-xs text-muted">{label}</span>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-48 overflow-auto rounded-lg bg-well p-2.5 text-xs whitespace-pre-wrap"
      >
        {JSON.stringify(value, null, 2)}
      </pre>
    </div>
  )
}
