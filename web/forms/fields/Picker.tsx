import { Popover } from '@base-ui/react/popover'
import { Check, ChevronsUpDown, LoaderCircle } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../ui/classes.ts'
import { inputLook } from '../../ui/Input.tsx'
import type { Control } from '../control.ts'
import { type Item, narrow } from '../narrow.ts'

type Props = {
  control: Control
  title: string
  /** What is chosen; null where nothing is. */
  value: string | null
  /** What stands on the button. */
  shown: ReactNode
  items: readonly Item[]
  loading?: boolean
  onPick: (value: string) => void
  /** What was typed may be chosen although it is not in the list; null where it may not. */
  free?: (typed: string) => string | null
  /** Between the search and the list. */
  head?: ReactNode
  /** Below the list; is told how to close. */
  foot?: (close: () => void) => ReactNode
  /** Looks elsewhere for what is typed. */
  onSearch?: (typed: string) => void
}

/** One of many: a button that opens a list with a search. */
export function Picker({ control, title, value, shown, items, loading = false, onPick, free, head, foot, onSearch }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const found = narrow(items, typed)
  const own = typed.trim() === '' ? null : (free?.(typed.trim()) ?? null)
  const options: Item[] = [
    ...found,
    ...(own === null || found.some(one => one.value === own) ? [] : [{ value: own, label: t('forms.useTyped', { value: own }) }]),
  ]
  const place = Math.min(at, Math.max(0, options.length - 1))
  const close = () => setOpen(false)
  const turn = (next: boolean) => {
    setOpen(next)
    setTyped('')
    if (next)
      setAt(
        Math.max(
          0,
          items.findIndex(one => one.value === value),
        ),
      )
    if (next)
      requestAnimationFrame(() =>
        requestAnimationFrame(() =>
          show(
            Math.max(
              0,
              items.findIndex(one => one.value === value),
            ),
          ),
        ),
      )
  }
  const show = (row: number) =>
    list.current?.querySelector(`[id="${CSS.escape(`${id}-${row}`)}"]`)?.scrollIntoView({ block: 'nearest' })
  const pick = (item: Item | undefined) => {
    if (!item) return
    onPick(item.value)
    close()
  }
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      const next = Math.max(0, Math.min(options.length - 1, place + step))
      setAt(next)
      show(next)
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      pick(options[place])
    }
  }
  return (
    <Popover.Root open={open} onOpenChange={turn}>
      <Popover.Trigger
        {...control}
        aria-haspopup="listbox"
        className={classes(
          inputLook,
          'flex items-center justify-between gap-2 text-left disabled:cursor-not-allowed',
          control['aria-invalid'] && 'border-danger',
        )}
      >
        <span className="flex min-w-0 flex-1 items-center gap-2">{shown}</span>
        <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="start" sideOffset={6} className="z-60">
          <Popover.Popup
            aria-label={title}
            className="glass border border-line rise flex max-h-[min(24rem,var(--available-height))] w-[max(var(--anchor-width),20rem)] max-w-[calc(100vw-1rem)] flex-col rounded-xl shadow-lift outline-none"
          >
            <div className="border-b border-line p-2">
              <input
                type="text"
                role="combobox"
                aria-label={t('forms.search', { title })}
                aria-expanded
                aria-controls={id}
                aria-autocomplete="list"
                aria-activedescendant={options.length > 0 ? `${id}-${place}` : undefined}
                autoComplete="off"
                spellCheck={false}
                value={typed}
                placeholder={free ? t('forms.searchOrType') : t('forms.searchIn')}
                onChange={event => {
                  setTyped(event.target.value)
                  setAt(0)
                  onSearch?.(event.target.value)
                }}
                onKeyDown={press}
                className="h-8 w-full rounded-md bg-transparent px-2 text-sm outline-none pointer-coarse:h-10"
              />
            </div>
            {head}
            {loading && options.length === 0 && (
              <p role="status" className="flex items-center justify-center gap-2 px-3 py-6 text-sm text-muted">
                <LoaderCircle aria-hidden className="size-4 animate-spin" />
                {t('ui.loading')}
              </p>
            )}
            {!loading && options.length === 0 && <p className="px-3 py-6 text-center text-sm text-muted">{t('forms.nothing')}</p>}
            <div
              ref={list}
              hidden={options.length === 0}
              id={id}
              role="listbox"
              aria-label={title}
              tabIndex={-1}
              className="min-h-0 flex-1 overflow-y-auto p-1.5"
            >
              {options.map((item, row) => (
                <Line
                  key={item.value}
                  id={`${id}-${row}`}
                  item={item}
                  head={item.group !== undefined && item.group !== options[row - 1]?.group ? item.group : undefined}
                  current={row === place}
                  chosen={item.value === value}
                  onHover={() => setAt(row)}
                  onPick={() => pick(item)}
                />
              ))}
            </div>
            {foot && <div className="border-t border-line p-1.5">{foot(close)}</div>}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

type LineProps = {
  id: string
  item: Item
  head: string | undefined
  current: boolean
  chosen: boolean
  onHover: () => void
  onPick: () => void
}

function Line({ id, item, head, current, chosen, onHover, onPick }: LineProps) {
  return (
    <>
      {head !== undefined && (
        <div role="presentation" className="px-2 pt-2.5 pb-1 text-xs font-semibold text-muted first:pt-1">
          {head}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the search, which keeps the focus */}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={chosen}
        onMouseDown={event => event.preventDefault()}
        onMouseMove={() => current || onHover()}
        onClick={onPick}
        className={classes(
          'grid cursor-pointer grid-cols-[minmax(0,1fr)_1rem] items-start gap-2 rounded-lg px-2 py-1.5 text-sm pointer-coarse:py-2.5',
          current && 'bg-press',
        )}
      >
        <span className="grid min-w-0 gap-0.5">
          <span className="flex min-w-0 items-center gap-2">
            <span className="min-w-0 truncate font-medium" dir="auto">
              {item.label}
            </span>
            {item.badge}
          </span>
          {item.about && <span className="text-xs text-muted">{item.about}</span>}
        </span>
        {chosen && <Check aria-hidden className="mt-0.5 size-4 text-accent" />}
      </div>
    </>
  )
}
