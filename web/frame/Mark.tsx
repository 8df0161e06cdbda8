import { useId } from 'react'
import { classes } from '../ui/classes.ts'

/** The sign of the product. */
export function Mark({ className }: { className?: string }) {
  const id = useId()
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={classes('size-7 shrink-0', className)}>
      <linearGradient id={id} x1="4" y1="4" x2="28" y2="28" gradientUnits="userSpaceOnUse">
        <stop className="[stop-color:var(--primary-from)]" />
        <stop offset="1" className="[stop-color:var(--primary-to)]" />
      </linearGradient>
      <path
        fill={`url(#${id})`}
        d="M27.6 4.4a1.6 1.6 0 0 1 .4 1.65l-7 21a1.6 1.6 0 0 1-2.98.16L13.6 18.4 4.8 14a1.6 1.6 0 0 1 .16-2.98l21-7a1.6 1.6 0 0 1 1.64.38Z"
      />
      <path
        className="fill-none stroke-ground"
        strokeOpacity=".55"
        strokeWidth="2"
        strokeLinecap="round"
        d="m13.9 18.1 6.6-6.6"
      />
    </svg>
  )
}

/** The sign with the name. */
export function Brand({ bare = false }: { bare?: boolean }) {
  return (
    <span className="inline-flex items-center gap-2.5">
      <Mark />
      {!bare && <span className="text-[0.9375rem] font-semibold tracking-tight">PromptPilot</span>}
    </span>
  )
}
