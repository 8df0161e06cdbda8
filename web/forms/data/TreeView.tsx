import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, ChevronRight, Copy as CopyIcon, Link2, Search } from 'lucide-react'
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../ui/classes.ts'
import { toClipboard } from '../../ui/clipboard.ts'
import { say } from '../../ui/toasts.ts'
import { expressionOf } from '../reach.ts'
import { shortOf } from '../short.ts'
import { idOf, type Row, revealing, rowsOf, search } from './tree.ts'

type Props = { value: unknown; label: string; root?: string | undefined; className?: string }

const HEIGHT = 26
/** Fewer lines need no search. */
const FEW = 12

/** A value as a tree. However large it is, only the lines in sight are drawn. */
export function TreeView({ value, label, root, className }: Props) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [pieces, setPieces] = useState<ReadonlyMap<string, number>>(new Map())
  const [word, setWord] = useState('')
  const [hit, setHit] = useState(0)
  const [focused, setFocused] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  const wanted = useDeferredValue(word)
  const rows = useMemo(() => rowsOf(value, opened, pieces), [value, opened, pieces])
  const hits = useMemo(() => search(value, wanted), [value, wanted])
  const found = useMemo(() => new Set(hits.map(idOf)), [hits])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => HEIGHT,
    overscan: 12,
  })
  const at = Math.min(focused, rows.length - 1)

  const turn = ({ id, open }: Row) => setOpened(before => new Map([...before, [id, !open]]))
  const go = (next: number) => {
    const place = Math.max(0, Math.min(rows.length - 1, next))
    setFocused(place)
    virtual.scrollToIndex(place)
    // Far away it is drawn only after the list has moved.
    const line = () => box.current?.querySelector<HTMLElement>(`[data-line="${place}"]`)
    const near = line()
    if (near) near.focus()
    else requestAnimationFrame(() => line()?.focus())
  }
  const visit = (next: number) => {
    // Whoever presses Enter at once does not wait for what is worked out in the background.
    const all = word === wanted ? hits : search(value, word)
    const path = all[(next + all.length) % all.length]
    if (!path) return
    setHit((next + all.length) % all.length)
    const reveal = revealing(path)
    const wider = new Map([...opened, ...reveal.opened.map(id => [id, true] as const)])
    const longer = new Map([...pieces, ...reveal.pieces.filter(([id, count]) => count > (pieces.get(id) ?? 1))])
    setOpened(wider)
    setPieces(longer)
    const place = rowsOf(value, wider, longer).findIndex(row => row.id === idOf(path))
    requestAnimationFrame(() => virtual.scrollToIndex(Math.max(0, place), { align: 'center' }))
  }
  const copy = async (text: string) => {
    if (await toClipboard(text)) say(t('ui.copied'))
  }
  const more = (row: Row) => setPieces(before => new Map([...before, [idOf(row.path), (before.get(idOf(row.path)) ?? 1) + 1]]))
  const press = (event: KeyboardEvent, row: Row, place: number) => {
    const above = rows.slice(0, place).findLastIndex(one => one.depth < row.depth)
    const acts: Record<string, () => unknown> = {
      ArrowDown: () => go(place + 1),
      ArrowUp: () => go(place - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ArrowRight: () => (row.count && !row.open ? turn(row) : go(place + 1)),
      ArrowLeft: () => (row.open ? turn(row) : go(above)),
      Enter: () => (row.more ? more(row) : row.count && turn(row)),
      c: () => copy(textOf(row.value)),
    }
    const act = acts[event.key]
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act()
  }
  return (
    <div className={classes('grid min-w-0 grid-cols-1 rounded-xl border border-line bg-well', className)}>
      {(rows.length > FEW || rows.some(row => row.count && !row.open)) && (
        <search className="flex items-center gap-1 border-b border-line px-2 py-1.5">
          <Search aria-hidden className="size-3.5 shrink-0 text-muted" />
          <input
            type="search"
            aria-label={t('data.find')}
            placeholder={t('data.find')}
            value={word}
            onChange={event => {
              setWord(event.target.value)
              setHit(-1)
            }}
            onKeyDown={event => {
              if (event.key !== 'Enter') return
              event.preventDefault()
              visit(hit + (event.shiftKey ? -1 : 1))
            }}
            className="h-7 min-w-0 flex-1 rounded bg-transparent px-1 text-[0.8125rem] outline-offset-0 pointer-coarse:h-9"
          />
          {wanted.trim() !== '' && (
            <>
              <span role="status" className="text-xs text-muted tabular-nums">
                {t('data.hits', { at: hits.length === 0 ? 0 : Math.max(0, hit) + 1, count: hits.length })}
              </span>
              <Small label={t('data.before')} onPress={() => visit(hit - 1)}>
                <ArrowUp aria-hidden className="size-3.5" />
              </Small>
              <Small label={t('data.after')} onPress={() => visit(hit + 1)}>
                <ArrowDown aria-hidden className="size-3.5" />
              </Small>
            </>
          )}
        </search>
      )}
      <div ref={box} role="tree" aria-label={label} className="max-h-112 overflow-auto py-1 font-mono text-[0.75rem]">
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]
            if (!row) return null
            const isHit = found.has(row.id)
            return (
              <div
                key={row.id}
                role="treeitem"
                data-line={index}
                aria-level={row.depth + 1}
                aria-selected={false}
                aria-expanded={row.count ? row.open : undefined}
                tabIndex={index === at ? 0 : -1}
                onFocus={() => setFocused(index)}
                onKeyDown={event => press(event, row, index)}
                onClick={() => (row.more ? more(row) : row.count ? turn(row) : undefined)}
                style={{
                  transform: `translateY(${start}px)`,
                  height: HEIGHT,
                  paddingInlineStart: `${row.depth * 0.875 + 0.375}rem`,
                }}
                className={classes(
                  'group absolute inset-x-0 top-0 flex w-full items-center gap-1 pr-1 -outline-offset-2 hover:bg-hover',
                  (row.count || row.more) && 'cursor-pointer',
                  isHit && 'bg-warning-soft',
                )}
              >
                <ChevronRight
                  aria-hidden
                  className={classes(
                    'size-3.5 shrink-0 text-muted transition-transform',
                    row.open && 'rotate-90',
                    !row.count && 'invisible',
                  )}
                />
                {row.name !== null && <span className="shrink-0 text-accent">{row.name}:</span>}
                {row.more ? (
                  <span className="text-muted">{t('data.more', { count: row.more })}</span>
                ) : (
                  <span dir="auto" className={classes('min-w-0 flex-1 truncate', tintOf(row.value))}>
                    {shortOf(row.value)}
                    {row.count ? <span className="text-muted"> {row.count}</span> : null}
                  </span>
                )}
                {!row.more && (
                  <span className="hidden shrink-0 group-focus-within:flex group-hover:flex group-focus:flex">
                    {root !== undefined && (
                      <Small label={t('data.copyPath')} onPress={() => copy(`{{ ${expressionOf([root, ...row.path])} }}`)}>
                        <Link2 aria-hidden className="size-3.5" />
                      </Small>
                    )}
                    <Small label={t('data.copyValue')} onPress={() => copy(textOf(row.value))}>
                      <CopyIcon aria-hidden className="size-3.5" />
                    </Small>
                  </span>
                )}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? ''))

function tintOf(value: unknown): string {
  if (typeof value === 'string') return 'text-success'
  if (typeof value === 'number') return 'text-warning'
  if (typeof value === 'boolean' || value === null) return 'text-info'
  return 'text-muted'
}

function Small({ label, onPress, children }: { label: string; onPress: () => void; children: React.ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={event => {
        event.stopPropagation()
        onPress()
      }}
      className="grid size-6 place-items-center rounded text-muted hover:bg-press hover:text-text"
    >
      {children}
    </button>
  )
}
