import { CircleCheck, CircleDashed, CirclePause, CircleSlash, CircleX, LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Badge, type BadgeTone } from '../ui/Badge.tsx'
import type { Status as It } from './filter.ts'

const LOOKS: Record<It, { Icon: typeof CircleX; tone: BadgeTone }> = {
  queued: { Icon: CircleDashed, tone: 'quiet' },
  running: { Icon: LoaderCircle, tone: 'info' },
  paused: { Icon: CirclePause, tone: 'warning' },
  completed: { Icon: CircleCheck, tone: 'success' },
  failed: { Icon: CircleX, tone: 'danger' },
  cancelled: { Icon: CircleSlash, tone: 'plain' },
}

/** How an execution stands: an icon, a word and a colour. */
export function Status({ status }: { status: It }) {
  const { t } = useTranslation()
  const { Icon, tone } = LOOKS[status]
  return (
    <Badge tone={tone} icon={<Icon aria-hidden className={status === 'running' ? 'animate-spin' : undefined} />}>
      {t(`runs.status.${status}`)}
    </Badge>
  )
}
