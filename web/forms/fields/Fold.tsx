import { ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../ui/classes.ts'
import type { Field } from '../field.ts'
import { isShown } from '../values.ts'

type Props = {
  fields: [string, Field][]
  all: [string, Field][]
  value: Record<string, unknown>
  problems: number
  children: ReactNode
}

/** What only few need, inside of an object: opens by itself where something is filled in or wrong. */
export function Fold({ fields, all, value, problems, children }: Props) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState<boolean | null>(null)
  const shown = fields.filter(([, field]) => isShown(field, all, value))
  if (shown.length === 0) return null
  const open = opened ?? (problems > 0 || shown.some(([name]) => Object.hasOwn(value, name)))
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpened(!open)}
        className="-mx-1 -my-1 flex min-h-7 w-fit items-center gap-1.5 rounded-md px-1 text-xs text-muted hover:text-text pointer-coarse:min-h-11"
      >
        <ChevronRight aria-hidden className={classes('size-3.5 transition-transform', open && 'rotate-90')} />
        {t('forms.moreOf', { names: shown.map(([, field]) => field.title).join(', ') })}
      </button>
      {open && children}
    </>
  )
}
