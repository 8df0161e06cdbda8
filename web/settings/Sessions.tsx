import { useQuery } from '@tanstack/react-query'
import { Laptop, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { endSession, endSessions, sessions } from '#accounts/contract.ts'
import type { Reply } from '#http/contract.ts'
import { Again } from '../frame/Trouble.tsx'
import { read, useAct } from '../query.ts'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { SkeletonRows } from '../ui/Skeleton.tsx'
import { Time } from '../ui/Time.tsx'
import { say } from '../ui/toasts.ts'
import { deviceOf } from './agent.ts'

type Session = Reply<typeof sessions>['items'][number]

/** Where one is signed in. */
export function Sessions() {
  const { t } = useTranslation()
  const list = useQuery(read(sessions))
  const [asking, setAsking] = useState(false)
  const endOthers = useAct(endSessions, {
    refresh: [sessions],
    done: () => {
      setAsking(false)
      say(t('sessions.othersEnded'))
    },
  })
  const others = list.data?.items.filter(session => !session.current).length ?? 0
  return (
    <Card
      flush
      title={t('sessions.title')}
      about={t('sessions.about')}
      action={
        <Button size="small" why={others === 0 ? t('sessions.noOthers') : undefined} onClick={() => setAsking(true)}>
          {t('sessions.endOthers')}
        </Button>
      }
    >
      {list.error && <Again error={list.error} onAgain={list.refetch} />}
      {list.isPending && <SkeletonRows />}
      <ul className="divide-y divide-line">
        {list.data?.items.map(session => (
          <Row key={session.id} session={session} />
        ))}
      </ul>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t('sessions.ask')}
        about={t('sessions.askAbout', { count: others })}
        act={t('sessions.endOthers')}
        busy={endOthers.isPending}
        onAct={() => endOthers.mutate(undefined)}
      />
    </Card>
  )
}

function Row({ session }: { session: Session }) {
  const { t } = useTranslation()
  const { browser, system, phone } = deviceOf(session.agent)
  const Icon = phone ? Smartphone : Laptop
  const name = browser && system ? t('sessions.device', { browser, system }) : (browser ?? system ?? t('sessions.unknown'))
  const end = useAct(endSession, { refresh: [sessions], done: () => say(t('sessions.ended', { name })) })
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 px-5 py-4">
      <Icon aria-hidden className="size-5 shrink-0 text-muted" />
      <div className="grid min-w-0 flex-1 basis-48 gap-0.5">
        <span className="flex flex-wrap items-center gap-2">
          <strong className="font-medium" title={session.agent ?? undefined}>
            {name}
          </strong>
          {session.current && <Badge tone="success">{t('sessions.current')}</Badge>}
        </span>
        <span className="text-xs text-muted">
          {t('sessions.since')} <Time at={session.createdAt} />
          {session.address && <> · {session.address}</>}
        </span>
      </div>
      {!session.current && (
        <Button
          size="small"
          variant="danger"
          busy={end.isPending}
          aria-label={t('sessions.endThis', { name })}
          onClick={() => end.mutate({ params: { id: session.id } })}
        >
          {t('sessions.end')}
        </Button>
      )}
    </li>
  )
}
