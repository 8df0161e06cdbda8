import { type ReactNode, useId } from 'react'
import { classes } from './classes.ts'

type Props<T extends string> = {
  label: string
  value: T
  choices: readonly { value: T; label: string; icon?: ReactNode }[]
  onChange: (value: T) => void
  /** Shows only the icons; the words are read out. */
  bare?: boolean
  /** Beside a label. */
  small?: boolean
}

/** One of two to four choices that are all in sight. */
export function Segments<T extends string>({ label, value, choices, onChange, bare = false, small = false }: Props<T>) {
  const name = useId()
  return (
    <fieldset className="inline-flex w-fit max-w-full flex-wrap gap-0.5 rounded-lg border border-line bg-well p-0.5">
      <legend className="sr-only">{label}</legend>
      {choices.map(choice => (
        <label
          key={choice.value}
          title={bare ? choice.label : undefined}
          className={classes(
            'flex h-8 cursor-pointer items-center gap-2 rounded-md px-3 text-[0.8125rem] font-medium transition-colors has-focus-visible:outline-2 has-focus-visible:outline-ring pointer-coarse:h-10 [&_svg]:size-4',
            bare && 'px-2',
            small && 'h-6 px-2 text-xs pointer-coarse:h-9',
            choice.value === value ? 'bg-press text-text' : 'text-muted hover:text-text',
          )}
        >
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
            className="sr-only"
          />
          {choice.icon}
          <span className={bare ? 'sr-only' : undefined}>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  )
}
