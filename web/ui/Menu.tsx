import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'

const ITEM =
  'flex items-center gap-2.5 rounded-lg px-2.5 py-2 text-sm outline-none select-none data-highlighted:bg-hover pointer-coarse:py-3'

/** A list of things to do that opens from its trigger. */
export function Menu({
  trigger,
  align = 'end',
  children,
}: {
  trigger: ReactElement
  align?: 'start' | 'end'
  children: ReactNode
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={8} className="z-50">
          <Base.Popup className="glass border border-line rise max-h-(--available-height) w-64 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-xl p-1.5 shadow-lift outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** One thing to do. */
export function MenuItem({ icon, onSelect, children }: { icon?: ReactNode; onSelect: () => void; children: ReactNode }) {
  return (
    <Base.Item onClick={onSelect} className={ITEM}>
      {icon && <span className="text-muted [&_svg]:size-4">{icon}</span>}
      <span className="min-w-0 flex-1">{children}</span>
    </Base.Item>
  )
}

/** A line between groups. */
export function MenuLine() {
  return <Base.Separator className="my-1.5 h-px bg-line" />
}

type Pick<T extends string> = {
  label: string
  value: T
  choices: readonly { value: T; label: string; icon?: ReactNode }[]
  onChange: (value: T) => void
}

/** One of a few, chosen inside a menu. */
export function MenuPick<T extends string>({ label, value, choices, onChange }: Pick<T>) {
  return (
    <Base.RadioGroup value={value} onValueChange={onChange}>
      <Base.GroupLabel className="px-2.5 pt-2 pb-1 text-xs font-medium text-muted">{label}</Base.GroupLabel>
      {choices.map(choice => (
        <Base.RadioItem key={choice.value} value={choice.value} closeOnClick className={ITEM}>
          {choice.icon && <span className="text-muted [&_svg]:size-4">{choice.icon}</span>}
          <span className="min-w-0 flex-1 truncate" dir="auto">
            {choice.label}
          </span>
          <Base.RadioItemIndicator className="text-accent">
            <Check aria-hidden className="size-4" />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  )
}
