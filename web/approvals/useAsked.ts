import { useQuery } from '@tanstack/react-query'
import { approvals } from '#executions/contract.ts'
import { call } from '../api.ts'
import { useWorkspace } from '../frame/me.ts'

/** So often somebody looks whether there is something new to decide, in milliseconds. */
const EVERY = 10_000
const MOST = 99

/** How many questions wait for whoever is here; more than 99 are not counted. */
export function useAsked(): number {
  const workspace = useWorkspace()
  const { data } = useQuery({
    queryKey: [approvals.path, 'count', workspace?.id],
    queryFn: () => call(approvals, { query: { mine: 'true', limit: MOST + 1 } }),
    refetchInterval: EVERY,
    enabled: workspace !== undefined,
  })
  return data?.items.length ?? 0
}

/** The number in words short enough for a badge. */
export const countText = (count: number): string => (count > MOST ? `${MOST}+` : String(count))
