import { useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { exportAudit } from '#audit/contract.ts'
import { send } from '../api.ts'
import { saveAs } from '../save.ts'
import { Button } from '../ui/Button.tsx'
import { Menu, MenuItem } from '../ui/Menu.tsx'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'
import { queryOf } from './filter.ts'

const route = getRouteApi('/inside/settings/audit')

/** Takes the log away, as it is filtered. */
export function AuditExport({ why }: { why: string | undefined }) {
  const { t } = useTranslation()
  const filter = route.useSearch()
  const fetching = useMutation({
    mutationFn: async (format: 'csv' | 'jsonl') =>
      saveAs(`audit.${format}`, await (await send(exportAudit, { query: { ...queryOf(filter), format } }, {})).blob()),
    onError: error => say(tell(error, t), 'danger'),
  })
  const button = (
    <Button icon={<Download aria-hidden className="size-4" />} busy={fetching.isPending} why={why}>
      {t('audit.export')}
    </Button>
  )
  if (why) return button
  return (
    <Menu trigger={button}>
      <MenuItem onSelect={() => fetching.mutate('csv')}>{t('audit.csv')}</MenuItem>
      <MenuItem onSelect={() => fetching.mutate('jsonl')}>{t('audit.jsonl')}</MenuItem>
    </Menu>
  )
}
