import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { me } from '#accounts/contract.ts'
import type { Role } from '#http/caller.ts'
import type { Contract, Reply } from '#http/contract.ts'
import { call, Failure, tab } from '../api.ts'
import { missing } from '../roles.ts'

/** The caller, as the screens see them. */
export type Me = Reply<typeof me>

/** Reads who is here; the workspace found is this tab's from then on. */
export const meRead = queryOptions({
  queryKey: [me.path],
  queryFn: async (): Promise<Me> => {
    const found = await call(me).catch(error => {
      if (tab.workspace() === null || !(error instanceof Failure) || error.status !== 404) throw error
      // The tab remembers a workspace that is no more, or no longer ours.
      tab.enter(null)
      return call(me)
    })
    tab.enter(found.workspace)
    return found
  },
})

/** Who is here. */
export const useMe = (): Me => useSuspenseQuery(meRead).data

/** The active workspace; undefined for a person without one. */
export function useWorkspace(): Me['workspaces'][number] | undefined {
  const { workspace, workspaces } = useMe()
  return workspaces.find(one => one.id === workspace)
}

/** Why somebody cannot do a thing, or undefined where they can. */
export function useWhy(contract: Pick<Contract, 'needs'>): string | undefined {
  const { t } = useTranslation()
  const { role } = useMe()
  const needed: Role | null = missing(contract, role)
  if (!needed) return undefined
  return t(`roles.needs.${needed}`, { role: role ? t(`roles.${role}`) : t('roles.none') })
}
