import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { audit, auditStream } from '#audit/contract.ts'
import type { Reply } from '#http/contract.ts'
import { follow, type Line } from '../live.ts'
import { pages } from '../query.ts'
import { type Entry, type Filter, matches } from './filter.ts'

type Log = InfiniteData<Reply<typeof audit>>

const item = audit.reply.shape.items.element

/** Puts an entry on top of the list, once. */
function withEntry(log: Log | undefined, entry: Entry): Log | undefined {
  const [first, ...others] = log?.pages ?? []
  if (!log || !first || log.pages.some(page => page.items.some(one => one.id === entry.id))) return log
  return { ...log, pages: [{ ...first, items: [entry, ...first.items] }, ...others] }
}

/** Listens to the log as it grows: which entries have just come, and how the line is. */
export function useNewEntries(filter: Filter, query: Record<string, string>): { fresh: ReadonlySet<string>; line: Line } {
  const client = useQueryClient()
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())
  const [line, setLine] = useState<Line>('broken')
  const now = useRef({ filter, query })
  useEffect(() => {
    now.current = { filter, query }
  })
  useEffect(() => {
    const over = new AbortController()
    void follow(auditStream, {
      signal: over.signal,
      line: setLine,
      hear: ({ event, data }) => {
        if (event !== 'entry') return
        const parsed = item.safeParse(JSON.parse(data))
        if (!parsed.success || !matches(parsed.data, now.current.filter)) return
        client.setQueryData(pages(audit, now.current.query).queryKey, (log: Log | undefined) => withEntry(log, parsed.data))
        setFresh(before => new Set([...before, parsed.data.id]))
      },
    })
    return () => over.abort()
  }, [client])
  return { fresh, line }
}
