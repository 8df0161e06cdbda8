import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { logout } from '#accounts/contract.ts'
import { selectWorkspace } from '#workspaces/contract.ts'
import { call, tab } from '../api.ts'
import { queries } from '../query.ts'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'
import { meRead } from './me.ts'

/** Ends the session and leaves nothing of it in the tab. */
export function useLogout(): () => Promise<void> {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return async () => {
    try {
      await call(logout)
    } catch (error) {
      return say(tell(error, t), 'danger')
    }
    tab.enter(null)
    await navigate({ to: '/login' })
    queries.clear()
  }
}

/** Goes over to another workspace: in this tab, and for the tabs that open after it. */
export function useSwitch(): (id: string) => Promise<void> {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return async id => {
    if (id === tab.workspace()) return
    try {
      const { name } = await call(selectWorkspace, { params: { id } })
      tab.enter(id)
      await queries.fetchQuery({ ...meRead, staleTime: 0 })
      await navigate({ to: '/home' })
      await queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== meRead.queryKey[0] })
      say(t('frame.nowIn', { name }), 'info')
    } catch (error) {
      say(tell(error, t), 'danger')
    }
  }
}
