import { Archive, CirclePause, CirclePlay, PencilLine, Radio } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../ui/Badge.tsx'
import type { Item } from './list.ts'

/** How a workflow stands: a draft, live and on, live and off, or put away. */
export function Standing({ item }: { item: Pick<Item, 'live' | 'active' | 'archived' | 'triggers'> }) {
  const { t } = useTranslation()
  if (item.archived) return <Badge icon={<Archive aria-hidden />}>{t('workflows.standing.archived')}</Badge>
  if (item.live === null)
    return (
      <Badge tone="quiet" icon={<PencilLine aria-hidden />}>
        {t('workflows.standing.draft')}
      </Badge>
    )
  const byItself = item.triggers.some(kind => kind !== 'manual')
  if (!item.active)
    return (
      <Badge tone="warning" icon={<CirclePause aria-hidden />}>
        {t('workflows.standing.off')}
      </Badge>
    )
  return (
    <Badge tone="success" icon={byItself ? <Radio aria-hidden /> : <CirclePlay aria-hidden />}>
      {byItself ? t('workflows.standing.active') : t('workflows.standing.live')}
    </Badge>
  )
}
