import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

const LOOKS = {
  info: { Icon: Info, look: 'border-info/25 bg-info-soft', tint: 'text-info' },
  success: { Icon: CircleCheck, look: 'border-success/25 bg-success-soft', tint: 'text-success' },
  warning: { Icon: TriangleAlert, look: 'border-warning/25 bg-warning-soft', tint: 'text-warning' },
  danger: { Icon: CircleAlert, look: 'border-danger/30 bg-danger-soft', tint: 'text-danger' },
}

type Props = { tone?: keyof typeof LOOKS; title?: string; children: ReactNode; className?: string }

/** A few words that stand beside the thing they are about. Dangers are read out at once. */
export function Notice({ tone = 'info', title, children, className }: Props) {
  const { Icon, look, tint } = LOOKS[tone]
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={classes('flex gap-3 rounded-xl border px-3.5 py-3 text-sm', look, className)}
    >
      <Icon aria-hidden className={classes('mt-0.5 size-4 shrink-0', tint)} />
      <div className="grid min-w-0 flex-1 gap-1">
        {title && <strong className="font-semibold">{title}</strong>}
        <div className="grid gap-2">{children}</div>
      </div>
    </div>
  )
}
