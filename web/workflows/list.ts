import type { InfiniteData } from '@tanstack/react-query'
import type { Reply } from '#http/contract.ts'
import type { workflows } from '#workflows/drafts/contract.ts'

/** The list as it comes, page by page. */
export type Pages = InfiniteData<Reply<typeof workflows>>
/** A workflow as the list tells of it. */
export type Item = Pages['pages'][number]['items'][number]

/** Does a workflow stand in the list that was asked for? What the search finds is left to the server. */
function belongs(item: Item, query: Record<string, unknown>): boolean {
  if (item.archived !== (query.archived === 'true')) return false
  if (query.active !== undefined && item.active !== (query.active === 'true')) return false
  if (query.live !== undefined && (item.live !== null) !== (query.live === 'true')) return false
  return query.folder === undefined || item.folderId === (query.folder === 'none' ? null : query.folder)
}

/** The list as it will be when some of it has changed: before the server has said so. */
export function changed(
  data: Pages | undefined,
  query: Record<string, unknown>,
  ids: ReadonlySet<string>,
  change: ((item: Item) => Item) | null,
): Pages | undefined {
  if (!data) return data
  const pages = data.pages.map(page => ({
    ...page,
    items: page.items.flatMap(item => {
      if (!ids.has(item.id)) return [item]
      const next = change?.(item)
      return next && belongs(next, query) ? [next] : []
    }),
  }))
  return { ...data, pages }
}
