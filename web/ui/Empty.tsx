import type { ReactNode } from 'react'

/** What stands where a list will be: what belongs here, and how to begin. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode
  title: string
  children: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="grid justify-items-center gap-3 px-6 py-14 text-center">
      <div
        aria-hidden
        className="grid size-12 place-items-center rounded-2xl border border-line bg-hover text-muted [&_svg]:size-5"
      >
        {icon}
      </div>
      <div className="grid max-w-md gap-1.5">
        <h3 className="text-base">{title}</h3>
        <p className="text-muted">{children}</p>
      </div>
      {action && <div className="mt-1 flex flex-wrap justify-center gap-2.5">{action}</div>}
    </div>
  )
}
