import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { SkeletonRows } from '../ui/Skeleton.tsx'
import { Again } from './Trouble.tsx'

type Page<T> = { items: T[]; next: string | null }
type Props<T> = {
  list: UseInfiniteQueryResult<InfiniteData<Page<T>>>
  /** What stands here while there is nothing. */
  empty: ReactNode
  children: (items: T[]) => ReactNode
}

/** A list that comes page by page: on its way, broken, empty, or there with more to come. */
export function Pages<T>({ list, empty, children }: Props<T>) {
  const { t } = useTranslation()
  if (list.isPending) return <SkeletonRows />
  if (list.isError && !list.data) return <Again error={list.error} onAgain={() => void list.refetch()} />
  const items = list.data?.pages.flatMap(page => page.items) ?? []
  if (items.length === 0) return empty
  return (
    <>
      {children(items)}
      {list.hasNextPage && (
        <div className="flex justify-center border-t border-line p-3">
          <Button variant="quiet" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('ui.more')}
          </Button>
        </div>
      )}
    </>
  )
}
