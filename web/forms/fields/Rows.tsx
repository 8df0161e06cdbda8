import { ArrowDown, ArrowUp, ChevronRight, GripVertical, Plus, Trash2 } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { classes } from '../../ui/classes.ts'
import { useForm } from '../context.ts'
import { moved } from '../values.ts'

type Props = {
  title: string
  list: readonly unknown[]
  most?: number | undefined
  onChange: (next: unknown[]) => void
  /** A new entry. */
  fresh: () => unknown
  /** What an entry is called. */
  nameOf: (one: unknown, at: number) => string
  /** How much is wrong in it. */
  wrongIn: (at: number) => number
  /** The entries are small and always open. */
  flat?: boolean
  addWords?: string
  children: (one: unknown, at: number, change: (next: unknown) => void) => ReactNode
}

/** Entries that can be added, removed and brought into another order, by hand or by keys. */
export function Rows({ title, list, most, onChange, fresh, nameOf, wrongIn, flat = false, addWords, children }: Props) {
  const { t } = useTranslation()
  const { disabled } = useForm()
  const [opened, setOpened] = useState<ReadonlySet<number>>(() => new Set(list.length === 1 ? [0] : []))
  const [said, say] = useState('')
  const [over, setOver] = useState<number | null>(null)
  const dragged = useRef<number | null>(null)
  const box = useRef<HTMLUListElement>(null)
  const full = most !== undefined && list.length >= most

  const focus = (at: number, part: string) =>
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`:scope > [data-row="${at}"] [data-part="${part}"]`)?.focus(),
    )
  const move = (from: number, to: number, part: string | null = 'grip') => {
    if (to < 0 || to >= list.length || from === to) return
    onChange(moved(list, from, to))
    setOpened(
      before =>
        new Set(
          moved(
            list.map((_one, at) => before.has(at)),
            from,
            to,
          ).flatMap((open, at) => (open ? [at] : [])),
        ),
    )
    say(t('forms.movedTo', { name: nameOf(list[from], from), place: to + 1, count: list.length }))
    if (part) focus(to, part)
  }
  const drop = (at: number) => {
    onChange(list.filter((_one, place) => place !== at))
    setOpened(before => new Set([...before].filter(one => one !== at).map(one => (one > at ? one - 1 : one))))
    say(t('forms.dropped', { name: nameOf(list[at], at) }))
  }
  const add = () => {
    onChange([...list, fresh()])
    setOpened(before => new Set([...before, list.length]))
    requestAnimationFrame(() =>
      box.current
        ?.querySelector<HTMLElement>(`:scope > [data-row="${list.length}"] :is(input, textarea, [role="combobox"])`)
        ?.focus(),
    )
  }
  const keys = (event: KeyboardEvent, at: number) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    move(at, at + step)
  }
  const land = (event: DragEvent, at: number) => {
    event.preventDefault()
    if (dragged.current !== null) move(dragged.current, at, null)
    dragged.current = null
    setOver(null)
  }
  return (
    <div className="grid min-w-0 grid-cols-1 gap-2">
      {list.length > 0 && (
        <ul ref={box} className="grid min-w-0 grid-cols-1 gap-2">
          {list.map((one, at) => {
            const name = nameOf(one, at)
            const wrong = wrongIn(at)
            const open = flat || opened.has(at)
            const turn = () =>
              setOpened(before => new Set(before.has(at) ? [...before].filter(row => row !== at) : [...before, at]))
            return (
              <li
                // biome-ignore lint/suspicious/noArrayIndexKey: entries have no names of their own
                key={at}
                data-row={at}
                onDragOver={event => {
                  if (dragged.current === null) return
                  event.preventDefault()
                  setOver(at)
                }}
                onDrop={event => land(event, at)}
                className={classes(
                  'min-w-0 rounded-xl border bg-hover/40 transition-colors',
                  over === at ? 'border-accent' : wrong > 0 ? 'border-danger/50' : 'border-line',
                )}
              >
                <div className="flex min-w-0 items-center gap-0.5 p-1">
                  {!disabled && list.length > 1 && (
                    <button
                      type="button"
                      data-part="grip"
                      draggable
                      aria-label={t('forms.move', { name })}
                      title={t('forms.moveHint')}
                      onKeyDown={event => keys(event, at)}
                      onDragStart={event => {
                        dragged.current = at
                        event.dataTransfer.effectAllowed = 'move'
                        event.dataTransfer.setData('text/plain', '')
                      }}
                      onDragEnd={() => {
                        dragged.current = null
                        setOver(null)
                      }}
                      className="grid size-7 shrink-0 cursor-grab place-items-center rounded-md text-muted hover:bg-hover hover:text-text pointer-coarse:hidden"
                    >
                      <GripVertical aria-hidden className="size-3.5" />
                    </button>
                  )}
                  {flat ? (
                    <span className="min-w-0 flex-1 truncate px-1.5 text-xs text-muted">{name}</span>
                  ) : (
                    <button
                      type="button"
                      aria-expanded={open}
                      onClick={turn}
                      className="flex min-h-7 min-w-0 flex-1 items-center gap-1.5 rounded-md px-1 text-left text-[0.8125rem] hover:bg-hover pointer-coarse:min-h-10"
                    >
                      <ChevronRight
                        aria-hidden
                        className={classes('size-3.5 shrink-0 text-muted transition-transform', open && 'rotate-90')}
                      />
                      <span className="min-w-0 flex-1 truncate" dir="auto">
                        {name}
                      </span>
                      {wrong > 0 && <Badge tone="danger">{t('forms.problems', { count: wrong })}</Badge>}
                    </button>
                  )}
                  {!disabled && (
                    <>
                      {list.length > 1 && (
                        <span className="hidden pointer-coarse:flex">
                          <Small label={t('forms.up', { name })} part="up" onPress={() => move(at, at - 1, 'up')}>
                            <ArrowUp aria-hidden className="size-3.5" />
                          </Small>
                          <Small label={t('forms.down', { name })} part="down" onPress={() => move(at, at + 1, 'down')}>
                            <ArrowDown aria-hidden className="size-3.5" />
                          </Small>
                        </span>
                      )}
                      <Small label={t('forms.drop', { name })} part="drop" onPress={() => drop(at)}>
                        <Trash2 aria-hidden className="size-3.5" />
                      </Small>
                    </>
                  )}
                </div>
                {open && (
                  <div className="grid min-w-0 grid-cols-1 gap-4 px-3 pt-1 pb-3.5">
                    {children(one, at, next => onChange(list.map((other, place) => (place === at ? next : other))))}
                  </div>
                )}
              </li>
            )
          })}
        </ul>
      )}
      {!disabled && !full && (
        <Button
          size="small"
          variant="plain"
          icon={<Plus aria-hidden className="size-4" />}
          aria-label={addWords ?? t('forms.addTo', { title })}
          onClick={add}
          className="w-fit"
        >
          {addWords ?? t('forms.add')}
        </Button>
      )}
      <span role="status" className="sr-only">
        {said}
      </span>
    </div>
  )
}

function Small({ label, part, onPress, children }: { label: string; part: string; onPress: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      data-part={part}
      aria-label={label}
      onClick={onPress}
      className="grid size-7 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-text pointer-coarse:size-10"
    >
      {children}
    </button>
  )
}
