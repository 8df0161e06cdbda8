import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import { classes } from './classes.ts'
import { inputLook } from './Input.tsx'

/** One choice: its value, its words, and a line below them. */
export type Choice<T extends string> = { value: T; label: string; about?: string; why?: string | undefined }

type Props<T extends string> = {
  id?: string
  label?: string
  value: T
  choices: readonly Choice<T>[]
  onChange: (value: T) => void
  'aria-describedby'?: string | undefined
  'aria-invalid'?: true | undefined
  disabled?: boolean
  className?: string
}

/** One of a few choices. */
export function Select<T extends string>({ id, label, value, choices, onChange, disabled, className, ...aria }: Props<T>) {
  const pick = (next: T | null) => {
    if (next !== null) onChange(next)
  }
  return (
    <Base.Root items={choices} value={value} onValueChange={pick} disabled={disabled ?? false}>
      <Base.Trigger
        id={id}
        aria-label={label}
        {...aria}
        className={classes(
          inputLook,
          'flex items-center justify-between gap-2 text-left data-disabled:cursor-not-allowed data-disabled:opacity-60',
          className,
        )}
      >
        <Base.Value className="truncate" />
        <Base.Icon>
          <ChevronsUpDown aria-hidden className="size-4 text-muted" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner alignItemWithTrigger={false} sideOffset={6} className="z-60">
          <Base.Popup className="glass border border-line rise max-h-80 min-w-(--anchor-width) max-w-[min(20rem,calc(100vw-1rem))] overflow-y-auto rounded-xl p-1.5 shadow-lift outline-none">
            <Base.List>
              {choices.map(choice => (
                <Base.Item
                  key={choice.value}
                  value={choice.value}
                  disabled={choice.why !== undefined}
                  className="grid grid-cols-[1fr_1rem] items-start gap-3 rounded-lg px-2.5 py-2 text-sm outline-none data-disabled:cursor-not-allowed data-disabled:opacity-60 data-highlighted:bg-hover"
                >
                  <span className="grid gap-0.5">
                    <Base.ItemText className="font-medium">{choice.label}</Base.ItemText>
                    {(choice.why ?? choice.about) && <span className="text-xs text-muted">{choice.why ?? choice.about}</span>}
                  </span>
                  <Base.ItemIndicator className="mt-0.5 text-accent">
                    <Check aria-hidden className="size-4" />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
