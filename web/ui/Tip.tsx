import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'

type Props = { text: string; side?: 'top' | 'right' | 'bottom' | 'left'; children: ReactElement }

/** A few words beside what the pointer or the focus is on. */
export function Tip({ text, side = 'top', children }: Props) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner side={side} sideOffset={8} className="z-60">
          <Tooltip.Popup className="glass border border-line rise max-w-72 rounded-lg px-2.5 py-1.5 text-xs text-text shadow-lift">
            {text}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
