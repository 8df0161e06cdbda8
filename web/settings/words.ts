import { useTranslation } from 'react-i18next'

/** Says an action of the audit log in words; one that has none yet is shown as it is. */
export function useActionWords(): (action: string) => string {
  const { t, i18n } = useTranslation()
  return action => {
    const key = `audit.actions.${action}`
    return i18n.exists(key) ? t(key as 'audit.actions.key.created') : action
  }
}
