import { Filter } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { classes } from '../../ui/classes.ts'
import type { Option } from '../complete.ts'
import { shortOf } from '../short.ts'
import { Kind } from './Kind.tsx'

type Props = {
  id: string
  label: string
  options: readonly Option[]
  at: number
  /** Where the text stands that is being completed. */
  anchor: () => DOMRect | null
  onAt: (at: number) => void
  onTake: (option: Option) => void
}

const WIDTH = 340
const HEIGHT = 280

/** What can be completed, below the letters that are being typed. The focus stays in the text. */
export function Completions({ id, label, options, at, anchor, onAt, onTake }: Props) {
  const [place, setPlace] = useState<{ left: number; top?: number; bottom?: number } | null>(null)
  const list = useRef<HTMLDivElement>(null)
  const latest = useRef(anchor)
  useLayoutEffect(() => {
    latest.current = anchor
  })
  useLayoutEffect(() => {
    const put = () => {
      const rect = latest.current()
      if (!rect) return
      const left = Math.max(8, Math.min(rect.left, innerWidth - WIDTH - 8))
      const below = innerHeight - rect.bottom > HEIGHT || rect.top < HEIGHT
      setPlace(below ? { left, top: rect.bottom + 6 } : { left, bottom: innerHeight - rect.top + 6 })
    }
    put()
    addEventListener('scroll', put, true)
    addEventListener('resize', put)
    return () => {
      removeEventListener('scroll', put, true)
      removeEventListener('resize', put)
    }
  }, [])
  useLayoutEffect(() => {
    list.current?.querySelector(`[id="${CSS.escape(`${id}-${at}`)}"]`)?.scrollIntoView({ block: 'nearest' })
  })
  return createPortal(
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={label}
      tabIndex={-1}
      style={place ? { ...place, width: Math.min(WIDTH, innerWidth - 16), maxHeight: HEIGHT } : { visibility: 'hidden' }}
      className="glass border border-line fixed z-60 overflow-y-auto rounded-xl p-1.5 text-sm shadow-lift"
    >
      {options.map((option, row) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
        <div
          key={option.insert}
          id={`${id}-${row}`}
          role="option"
          tabIndex={-1}
          aria-selected={row === at}
          onMouseDown={event => event.preventDefault()}
          onMouseMove={() => row !== at && onAt(row)}
          onClick={() => onTake(option)}
          className={classes(
            'grid grid-cols-[1.25rem_minmax(0,1fr)] items-center gap-2 rounded-lg px-2 py-1.5',
            row === at && 'bg-press',
          )}
        >
          {option.is === 'filter' ? (
            <>
              <Filter aria-hidden className="size-3.5 text-muted" />
              <code className="text-[0.8125rem]">{option.name}</code>
            </>
          ) : (
            <>
              <Kind type={option.spot.type} />
              <span className="grid min-w-0">
                <span className="flex min-w-0 items-baseline gap-2">
                  <code className="shrink-0 text-[0.8125rem]">{option.spot.name}</code>
                  {option.spot.title && option.spot.title !== option.spot.name && (
                    <span className="truncate text-xs text-muted">{option.spot.title}</span>
                  )}
                </span>
                {option.spot.last !== undefined && (
                  <span className="truncate font-mono text-xs text-muted" dir="auto">
                    {shortOf(option.spot.last)}
                  </span>
                )}
              </span>
            </>
          )}
        </div>
      ))}
    </div>,
    document.body,
  )
}
