import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { Activity } from 'lucide-react'
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cancel as cancelContract } from '#executions/contract.ts'
import { useWhy } from '../frame/me.ts'
import { Title } from '../frame/Title.tsx'
import { Again } from '../frame/Trouble.tsx'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { Card, Head } from '../ui/Card.tsx'
import { classes } from '../ui/classes.ts'
import { Empty } from '../ui/Empty.tsx'
import { SkeletonRows } from '../ui/Skeleton.tsx'
import { useCancel, useRetry } from './acts.ts'
import { Filters } from './Filters.tsx'
import type { Item } from './filter.ts'
import { Many } from './Many.tsx'
import { useNames } from './names.ts'
import { COLUMNS, Row } from './Row.tsx'
import { useList } from './useList.ts'

const route = getRouteApi('/inside/executions')

/** Everything that runs and has run. */
export function Executions() {
  const { t } = useTranslation()
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const { list, items, live } = useList(filter)
  const filtered = Object.keys(filter).length > 0
  return (
    <>
      <Title>{t('places.executions')}</Title>
      <div className="grid gap-5">
        <Head
          title={t('places.executions')}
          about={t('runs.about')}
          action={
            <Badge
              tone={live ? 'success' : 'quiet'}
              icon={
                <span
                  aria-hidden
                  className={live ? 'size-2 rounded-full bg-success' : 'size-2 rounded-full border border-muted'}
                />
              }
            >
              {t(live ? 'runs.live' : 'runs.notLive')}
            </Badge>
          }
        />
        <Filters filter={filter} onChange={search => void navigate({ search, replace: true })} />
        <Card flush>
          {list.isPending ? (
            <SkeletonRows rows={8} />
          ) : list.isError && !list.data ? (
            <Again error={list.error} onAgain={() => void list.refetch()} />
          ) : items.length === 0 ? (
            <Nothing filtered={filtered} onClear={() => void navigate({ search: {} })} />
          ) : (
            <Rows items={items} hasMore={list.hasNextPage} onMore={() => !list.isFetching && void list.fetchNextPage()} />
          )}
        </Card>
      </div>
    </>
  )
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation()
  return (
    <Empty
      icon={<Activity />}
      title={t(filtered ? 'runs.noneFound' : 'runs.none')}
      action={filtered && <Button onClick={onClear}>{t('runs.clear')}</Button>}
    >
      {t(filtered ? 'runs.noneFoundAbout' : 'runs.noneAbout')}
    </Empty>
  )
}

/** Rows of one height, so that 100,000 of them are as quick as ten. */
const HEIGHT = 60
const SMALL = 84

function Rows({ items, hasMore, onMore }: { items: readonly Item[]; hasMore: boolean; onMore: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const box = useRef<HTMLUListElement>(null)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const why = useWhy(cancelContract)
  const { mutate: cancel } = useCancel()
  const { mutate: retry } = useRetry(id => void navigate({ to: '/execution/$id', params: { id } }))
  const height = matchMedia('(min-width: 48rem)').matches ? HEIGHT : SMALL
  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => height,
    overscan: 10,
    scrollMargin: box.current?.offsetTop ?? 0,
    getItemKey: at => items[at]?.id ?? at,
  })
  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  const names = useNames(rows.flatMap(({ index }) => items[index]?.workflowId ?? []))
  useEffect(() => {
    if (hasMore && last >= items.length - 15) onMore()
  }, [hasMore, last, items.length, onMore])
  const pick = useCallback(
    (id: string) => setPicked(now => (now.has(id) ? new Set([...now].filter(one => one !== id)) : new Set([...now, id]))),
    [],
  )
  const onCancel = useCallback((id: string) => cancel({ params: { id } }), [cancel])
  const onRetry = useCallback((id: string) => retry({ params: { id }, body: {} }), [retry])
  const go = (at: number) => {
    const place = Math.max(0, Math.min(items.length - 1, at))
    virtual.scrollToIndex(place)
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-at="${place}"] [data-run]`)?.focus())
  }
  const press = (event: KeyboardEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-at]') : null
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return
    const at = Number(row.dataset.at)
    const item = items[at]
    const acts: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      Home: () => go(0),
      End: () => go(items.length - 1),
      x: () => item && pick(item.id),
    }
    const act = acts[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  const chosen = items.filter(item => picked.has(item.id))
  return (
    <div>
      <div aria-hidden className={classes(COLUMNS, 'h-10 border-b border-line text-xs font-medium text-muted max-md:hidden')}>
        <span />
        <span>{t('runs.state')}</span>
        <span>{t('runs.workflow')}</span>
        <span>{t('runs.startedBy')}</span>
        <span className="text-right">{t('runs.took')}</span>
        <span className="text-right">{t('runs.when')}</span>
        <span />
      </div>
      <ul
        ref={box}
        aria-label={t('places.executions')}
        onKeyDown={press}
        className="relative"
        style={{ height: virtual.getTotalSize() }}
      >
        {rows.map(({ index, key, start }) => {
          const item = items[index]
          return (
            item && (
              <li
                key={key}
                data-at={index}
                className="absolute inset-x-0 top-0"
                style={{ height, transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
              >
                <Row
                  item={item}
                  name={names(item.workflowId)}
                  picked={picked.has(item.id)}
                  why={why}
                  onPick={pick}
                  onCancel={onCancel}
                  onRetry={onRetry}
                />
              </li>
            )
          )
        })}
      </ul>
      {chosen.length > 0 && <Many items={chosen} why={why} onDone={() => setPicked(new Set())} />}
    </div>
  )
}
