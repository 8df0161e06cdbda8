import {
  infiniteQueryOptions,
  MutationCache,
  QueryCache,
  QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { Args, Contract, Reply } from '#http/contract.ts'
import { callWith, Failure, type Given } from './api.ts'
import { heard, reachable } from './frame/reach.ts'
import { meet } from './session.ts'
import { say } from './ui/toasts.ts'
import { tell } from './words/tell.ts'

/** Everything the browser has read from the server. */
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: meetAny, onSuccess: () => heard(true) }),
  mutationCache: new MutationCache({ onError: meetAny, onSuccess: () => heard(true) }),
  defaultOptions: {
    // Browsers call themselves offline when only the internet is gone; the server may stand next door.
    queries: { networkMode: 'always', staleTime: 10_000, retry: (count, error) => count < 2 && mayPass(error) },
    mutations: { networkMode: 'always' },
  },
})

// What failed while the server was away is read again when it is back.
reachable.listen(() => {
  if (reachable.get()) void queries.refetchQueries({ type: 'active', predicate: query => query.state.status === 'error' })
})

function meetAny(error: unknown): void {
  if (!(error instanceof Failure)) return
  heard(error.code !== 'network')
  meet(error)
}

/** Worth asking again by itself: what the server may get over, not what it has refused. */
const mayPass = (error: unknown) => error instanceof Failure && (error.status >= 502 || error.status === 0)

/** How a call is read and kept. Keys begin with the path, so that a path can be refreshed. */
export const read = <C extends Contract>(contract: C, ...[args]: Given<C>) =>
  queryOptions({
    queryKey: [contract.path, args ?? {}],
    queryFn: ({ signal }): Promise<Reply<C>> => callWith(contract, args ?? {}, { signal }),
  })

type Listed = { items: unknown[]; next: string | null }

/** How a list is read page by page. */
export const pages = <T extends Listed>(contract: Contract & { reply: z.ZodType<T> }, query: Record<string, unknown> = {}) =>
  infiniteQueryOptions({
    queryKey: [contract.path, 'pages', query],
    queryFn: ({ signal, pageParam }): Promise<T> =>
      callWith(contract, { query: { ...query, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (last: T) => last.next,
  })

type Variables<C extends Contract> = Given<C> extends [] ? undefined : Args<C>
type Options<C extends Contract> = {
  /** What is read anew afterwards. */
  refresh?: readonly Pick<Contract, 'path'>[]
  done?: (reply: Reply<C>, args: Variables<C>) => void
  /** The screen shows the failure itself. */
  quiet?: boolean
}

/** A call that changes something: refreshes what it touches, and says in the corner when it fails. */
export function useAct<C extends Contract>(contract: C, { refresh = [], done, quiet = false }: Options<C> = {}) {
  const client = useQueryClient()
  const { t } = useTranslation()
  return useMutation({
    mutationFn: (args: Variables<C>) => callWith(contract, args ?? {}, {}),
    onSuccess: async (reply, args) => {
      await Promise.all(refresh.map(({ path }) => client.invalidateQueries({ queryKey: [path] })))
      done?.(reply, args)
    },
    onError: error => {
      if (!quiet) say(tell(error, t), 'danger')
    },
  })
}
