import type { ReactNode } from 'react'
import { classes } from './classes.ts'

const TONES = {
  plain: 'border-edge bg-hover text-text',
  quiet: 'border-line text-muted',
  info: 'border-info/30 bg-info-soft text-info',
  success: 'border-success/30 bg-success-soft text-success',
  warning: 'border-warning/30 bg-warning-soft text-warning',
  danger: 'border-danger/30 bg-danger-soft text-danger',
}

/** The tones a badge can have. */
export type BadgeTone = keyof typeof TONES

type Props = { tone?: BadgeTone; icon?: ReactNode; mono?: boolean; children: ReactNode; className?: string }

/** A word that says in what state a thing is. */
export function Badge({ tone = 'plain', icon, mono = false, children, className }: Props) {
  return (
    <span
      className={classes(
        'inline-flex max-w-full shrink-0 items-center gap-1.5 rounded-full border px-2 py-px text-xs leading-5 font-medium [&_svg]:size-3 [&_svg]:shrink-0',
        mono && 'rounded-md font-mono text-[0.75rem]',
        TONES[tone],
        className,
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  )
}
