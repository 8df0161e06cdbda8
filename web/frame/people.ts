import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { members } from '#workspaces/contract.ts'
import { pages } from '../query.ts'

/** Says the name of whoever has an id, as long as they are a member. */
export function useNames(): (id: string | null) => string {
  const { t } = useTranslation()
  const { data } = useInfiniteQuery(pages(members, { limit: 200 }))
  const names = new Map(data?.pages.flatMap(page => page.items.map(member => [member.id, member.name] as const)))
  return id => (data ? (names.get(id ?? '') ?? t('members.former')) : '…')
}
