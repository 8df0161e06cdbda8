import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { executions } from '#executions/contract.ts'
import { call } from '../api.ts'
import { pages } from '../query.ts'
import { type Filter, joined, queryOf } from './filter.ts'

/** So often the newest are looked at again while somebody looks, in milliseconds. */
const EVERY = 3_000
const PAGE = 50

/** The executions, page by page, with what is new at the top by itself. */
export function useList(filter: Filter) {
  const query = useMemo(() => ({ ...queryOf(filter), limit: PAGE }), [filter])
  const list = useInfiniteQuery({ ...pages(executions, query), staleTime: EVERY })
  const newest = useQuery({
    queryKey: [executions.path, 'newest', query],
    queryFn: () => call(executions, { query }),
    refetchInterval: EVERY,
    enabled: list.isSuccess,
  })
  const known = useMemo(() => list.data?.pages.flatMap(page => page.items) ?? [], [list.data])
  const { items, gap } = useMemo(
    () => (newest.data ? joined(newest.data.items, known, newest.data.next !== null) : { items: known, gap: false }),
    [newest.data, known],
  )
  const { refetch } = list
  useEffect(() => {
    if (gap) void refetch()
  }, [gap, refetch])
  return { list, items, live: newest.isSuccess && !newest.isRefetchError }
}
