import { classes } from './classes.ts'
import { hueOf, initials } from './initials.ts'

const TINTS = [
  'bg-info-soft text-info border-info/30',
  'bg-success-soft text-success border-success/30',
  'bg-warning-soft text-warning border-warning/30',
  'bg-danger-soft text-danger border-danger/30',
  'bg-hover text-accent border-accent/30',
]

/** A round sign for a person or a group; decoration, the name stands beside it. */
export function Avatar({
  name,
  seed = name,
  square = false,
  className,
}: {
  name: string
  seed?: string
  square?: boolean
  className?: string
}) {
  return (
    <span
      aria-hidden
      className={classes(
        'grid size-9 shrink-0 place-items-center overflow-hidden border text-xs font-semibold select-none',
        square ? 'rounded-lg' : 'rounded-full',
        TINTS[hueOf(seed, TINTS.length)],
        className,
      )}
    >
      {initials(name)}
    </span>
  )
}
