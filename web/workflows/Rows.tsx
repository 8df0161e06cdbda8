// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be drawn in part; the roles say what it is
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on rows, not on cells
import { Link, useNavigate } from '@tanstack/react-router'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, memo, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../ui/classes.ts'
import { Skeleton } from '../ui/Skeleton.tsx'
import { Time } from '../ui/Time.tsx'
import type { Item } from './list.ts'
import { allOrNone, NONE, type Picked, reached, rowFor, toggled } from './picked.ts'
import { Ran } from './Ran.tsx'
import { RowMenu } from './RowMenu.tsx'
import { Standing } from './Standing.tsx'
import { type Branch, type Folder, wayTo } from './tree.ts'

/** The height of a row in pixels. */
const ROW = 68
const PAGE = 8

type Props = {
  items: readonly Item[]
  more: boolean
  onMore: () => void
  picked: Picked
  onPick: (picked: Picked) => void
  folders: readonly Folder[]
  tree: readonly Branch[]
  /** Tells in which folder each is. */
  withWay: boolean
}

/** The workflows, of which only those in sight are drawn. Keys move, choose and open. */
export function Rows({ items, more, onMore, picked, onPick, folders, tree, withWay }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [at, setAt] = useState(0)
  const [grab, setGrab] = useState<number>()
  useLayoutEffect(() => {
    if (box.current) setTop(box.current.getBoundingClientRect().top + scrollY)
  }, [])
  const rows = useWindowVirtualizer({
    count: items.length + (more ? 1 : 0),
    estimateSize: () => ROW,
    overscan: 8,
    scrollMargin: top,
    getItemKey: index => items[index]?.id ?? 'more',
  })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last >= items.length - 1) onMore()
  }, [more, last, items.length, onMore])

  const order = items.map(({ id }) => id)
  const press = (event: KeyboardEvent, index: number) => {
    if (event.target !== event.currentTarget) return
    const item = items[index]
    if (!item) return
    const goal = rowFor(event.key, index, items.length, PAGE)
    const command = event.ctrlKey || event.metaKey
    if (goal !== null) {
      const next = items[goal]
      if (event.shiftKey && next) onPick(reached(picked.from === null ? toggled(picked, item.id) : picked, order, next.id))
      rows.scrollToIndex(goal)
      setAt(goal)
      setGrab(goal)
    } else if (event.key === ' ') onPick(event.shiftKey ? reached(picked, order, item.id) : toggled(picked, item.id))
    else if (event.key === 'Enter') void navigate({ to: '/workflow/$id', params: { id: item.id } })
    else if (event.key === 'a' && command) onPick(allOrNone(picked, order))
    else if (event.key === 'Escape' && picked.ids.size > 0) onPick(NONE)
    else return
    event.preventDefault()
  }
  return (
    <div
      ref={box}
      role="grid"
      aria-label={t('places.workflows')}
      aria-multiselectable
      aria-rowcount={more ? -1 : items.length}
      className="relative"
      style={{ height: rows.getTotalSize() }}
    >
      {shown.map(({ index, key, start }) => {
        const item = items[index]
        const place = { transform: `translateY(${start - top}px)` }
        if (!item)
          return (
            <div
              key={key}
              role="row"
              aria-busy
              className="absolute inset-x-0 top-0 flex h-[68px] items-center gap-4 px-5"
              style={place}
            >
              <span role="gridcell" className="grid flex-1 gap-2">
                <Skeleton className="w-2/5" />
                <Skeleton className="h-3 w-3/5" />
              </span>
            </div>
          )
        return (
          <Row
            key={key}
            item={item}
            index={index}
            place={place}
            chosen={picked.ids.has(item.id)}
            current={Math.min(at, items.length - 1) === index}
            grab={grab === index}
            way={
              withWay
                ? wayTo(folders, item.folderId ?? undefined)
                    .map(({ name }) => name)
                    .join(' / ')
                : ''
            }
            tree={tree}
            onKey={press}
            onFocus={() => setAt(index)}
            onGrabbed={() => setGrab(undefined)}
            onPick={range => onPick(range ? reached(picked, order, item.id) : toggled(picked, item.id))}
          />
        )
      })}
    </div>
  )
}

type RowProps = {
  item: Item
  index: number
  place: { transform: string }
  chosen: boolean
  current: boolean
  grab: boolean
  way: string
  tree: readonly Branch[]
  onKey: (event: KeyboardEvent, index: number) => void
  onFocus: () => void
  onGrabbed: () => void
  onPick: (range: boolean) => void
}

const Row = memo(function Row({
  item,
  index,
  place,
  chosen,
  current,
  grab,
  way,
  tree,
  onKey,
  onFocus,
  onGrabbed,
  onPick,
}: RowProps) {
  const { t } = useTranslation()
  const self = useRef<HTMLDivElement>(null)
  const range = useRef(false)
  useEffect(() => {
    if (!grab) return
    self.current?.focus({ preventScroll: true })
    onGrabbed()
  }, [grab, onGrabbed])
  const under = [way, item.description].filter(Boolean).join(' · ')
  return (
    <div
      ref={self}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={chosen}
      tabIndex={current ? 0 : -1}
      onKeyDown={event => onKey(event, index)}
      onFocus={onFocus}
      style={place}
      className={classes(
        'group absolute inset-x-0 top-0 flex h-[68px] items-center gap-3 border-b border-line pr-3 pl-4 transition-colors focus-visible:-outline-offset-2 sm:gap-4',
        chosen ? 'bg-info-soft' : 'hover:bg-hover',
      )}
    >
      <span role="gridcell" className="grid place-items-center">
        <input
          type="checkbox"
          aria-label={t('workflows.choose', { name: item.name })}
          tabIndex={-1}
          checked={chosen}
          onClick={event => {
            range.current = event.shiftKey
          }}
          onChange={() => onPick(range.current)}
          className="size-4 cursor-pointer accent-accent pointer-coarse:size-5"
        />
      </span>
      <span role="gridcell" className="grid min-w-0 flex-1 gap-0.5">
        <Link
          to="/workflow/$id"
          params={{ id: item.id }}
          tabIndex={-1}
          title={item.name}
          className="w-fit max-w-full truncate font-medium hover:text-accent"
        >
          <bdi>{item.name}</bdi>
        </Link>
        <bdi className="truncate text-left text-[0.8125rem] text-muted" title={under}>
          {under || t('workflows.steps', { count: item.nodes })}
        </bdi>
      </span>
      <span role="gridcell" className="w-24 shrink-0 max-sm:w-auto">
        <Standing item={item} />
      </span>
      <span role="gridcell" className="hidden w-52 shrink-0 md:block">
        {item.lastRun ? (
          <Ran status={item.lastRun.status} at={item.lastRun.at} />
        ) : (
          <span className="text-[0.8125rem] text-muted">{t('workflows.neverRan')}</span>
        )}
      </span>
      <span role="gridcell" className="hidden w-28 shrink-0 truncate text-[0.8125rem] text-muted xl:block">
        <Time at={item.updatedAt} />
      </span>
      <span role="gridcell">
        <RowMenu item={item} tree={tree} />
      </span>
    </div>
  )
})
