import { useQueries, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { workflow, workflows } from '#workflows/drafts/contract.ts'
import { read } from '../query.ts'

const MINUTE = 60_000
/** More than these are looked up one by one. */
const AT_ONCE = 200

/** What these workflows are called; also those that are archived or gone. */
export function useNames(ids: readonly string[]): (id: string) => string {
  const { t } = useTranslation()
  const { data } = useQuery({ ...read(workflows, { query: { limit: AT_ONCE } }), staleTime: MINUTE })
  const known = new Map(data?.items.map(({ id, name }) => [id, name]))
  const missing = data ? [...new Set(ids)].filter(id => !known.has(id)) : []
  const others = useQueries({
    queries: missing.map(id => ({ ...read(workflow, { params: { id } }), staleTime: MINUTE, retry: false })),
  })
  for (const [at, { data: one, isError }] of others.entries()) {
    const id = missing[at]
    if (id === undefined) continue
    if (one) known.set(id, one.name)
    if (isError) known.set(id, t('runs.goneWorkflow'))
  }
  return id => known.get(id) ?? '…'
}

/** The workflows one can narrow a list to. */
export function useChoices(): { value: string; label: string }[] {
  const { data } = useQuery({ ...read(workflows, { query: { limit: AT_ONCE } }), staleTime: MINUTE })
  return data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []
}
