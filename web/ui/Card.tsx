import type { ReactNode } from 'react'
import { classes } from './classes.ts'

type Props = {
  title?: string
  about?: ReactNode
  action?: ReactNode
  /** What is inside reaches to the edges, as lists do. */
  flush?: boolean
  tone?: 'plain' | 'danger'
  id?: string
  children?: ReactNode
  className?: string
}

/** A part of a screen, with a heading of its own. */
export function Card({ title, about, action, flush = false, tone = 'plain', id, children, className }: Props) {
  return (
    <section id={id} aria-label={title} className={classes('card min-w-0', tone === 'danger' && 'border-danger/30', className)}>
      {(title || action) && (
        <header className={classes('flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-5 pt-5', flush && 'pb-4')}>
          <div className="grid min-w-0 max-w-2xl flex-1 basis-64 gap-1">
            {title && <h2 className="text-[0.9375rem]">{title}</h2>}
            {about && <p className="text-[0.8125rem] text-muted">{about}</p>}
          </div>
          {action}
        </header>
      )}
      {children && <div className={flush ? 'border-t border-line first:border-0' : 'grid gap-5 p-5'}>{children}</div>}
    </section>
  )
}

/** The head of a screen. */
export function Head({ title, about, action }: { title: ReactNode; about?: ReactNode; action?: ReactNode }) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
      <div className="grid min-w-0 max-w-2xl gap-1.5">
        <h1 className="text-2xl leading-tight" dir="auto">
          {title}
        </h1>
        {about && <p className="text-muted">{about}</p>}
      </div>
      {action && <div className="flex flex-wrap gap-2.5">{action}</div>}
    </header>
  )
}
