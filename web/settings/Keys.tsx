import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reply } from '#http/contract.ts'
import { createKey, keys, revokeKey } from '#workspaces/contract.ts'
import { useMe, useWhy } from '../frame/me.ts'
import { Pages } from '../frame/Pages.tsx'
import { Title } from '../frame/Title.tsx'
import { pages, useAct } from '../query.ts'
import { Badge, type BadgeTone } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { Card, Head } from '../ui/Card.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Empty } from '../ui/Empty.tsx'
import { type Column, Table } from '../ui/Table.tsx'
import { Time } from '../ui/Time.tsx'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'
import { NewKey } from './NewKey.tsx'

type Key = Reply<typeof keys>['items'][number]

const route = getRouteApi('/inside/settings/keys')
const TONES: Record<Key['state'], BadgeTone> = { active: 'success', expired: 'warning', revoked: 'quiet' }

/** The keys with which programs call. */
export function Keys() {
  const { t } = useTranslation()
  const { open } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useInfiniteQuery(pages(keys))
  const [revoking, setRevoking] = useState<Key>()
  const why = useWhy(createKey)
  const show = (next: boolean) => void navigate({ search: next ? { open: 'new' } : {}, replace: true })
  const make = (
    <Button variant="primary" icon={<Plus aria-hidden className="size-4" />} why={why} onClick={() => show(true)}>
      {t('keys.new')}
    </Button>
  )
  return (
    <>
      <Title>{t('places.keys')}</Title>
      <Head title={t('places.keys')} about={t('keys.about')} action={make} />
      <Card flush>
        <Pages
          list={list}
          empty={
            <Empty icon={<KeyRound />} title={t('keys.none')}>
              {t('keys.noneAbout')}
            </Empty>
          }
        >
          {items => <List items={items} onRevoke={setRevoking} />}
        </Pages>
      </Card>
      {open === 'new' && !why && <NewKey onClose={() => show(false)} />}
      {revoking && <Revoke of={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  )
}

function List({ items, onRevoke }: { items: Key[]; onRevoke: (key: Key) => void }) {
  const { t } = useTranslation()
  const { user } = useMe()
  const columns: Column<Key>[] = [
    {
      name: 'name',
      head: t('keys.name'),
      lead: true,
      cell: key => (
        <div className="grid min-w-0 gap-0.5">
          <span className="flex flex-wrap items-center gap-2">
            <strong className="font-medium" dir="auto">
              {key.name}
            </strong>
            {key.state !== 'active' && <Badge tone={TONES[key.state]}>{t(`keys.state.${key.state}`)}</Badge>}
          </span>
          <code className="text-xs text-muted">{key.start}…</code>
        </div>
      ),
    },
    { name: 'role', head: t('keys.role'), cell: key => <Badge tone="quiet">{t(`roles.${key.role}`)}</Badge> },
    ...(items.some(key => key.owner !== user.email)
      ? [{ name: 'owner', head: t('keys.owner'), cell: (key: Key) => <bdi>{key.owner}</bdi> }]
      : []),
    {
      name: 'used',
      head: t('keys.used'),
      cell: key => (key.usedAt ? <Time at={key.usedAt} /> : <span className="text-muted">{t('keys.never')}</span>),
    },
    {
      name: 'expires',
      head: t('keys.expires'),
      cell: key => (key.expiresAt ? <Time at={key.expiresAt} /> : <span className="text-muted">{t('keys.noEnd')}</span>),
    },
    {
      name: 'do',
      head: t('ui.actions'),
      end: true,
      cell: key =>
        key.state === 'active' && (
          <Button
            size="small"
            variant="danger"
            aria-label={t('keys.revokeThis', { name: key.name })}
            onClick={() => onRevoke(key)}
          >
            {t('keys.revoke')}
          </Button>
        ),
    },
  ]
  return <Table label={t('places.keys')} rows={items} columns={columns} keyOf={key => key.id} />
}

function Revoke({ of: key, onClose }: { of: Key; onClose: () => void }) {
  const { t } = useTranslation()
  const revoke = useAct(revokeKey, {
    refresh: [keys],
    quiet: true,
    done: () => {
      onClose()
      say(t('keys.revoked', { name: key.name }))
    },
  })
  return (
    <Confirm
      open
      onClose={onClose}
      title={t('keys.ask', { name: key.name })}
      about={t('keys.askAbout')}
      act={t('keys.revoke')}
      busy={revoke.isPending}
      problem={revoke.error ? tell(revoke.error, t) : undefined}
      onAct={() => revoke.mutate({ params: { id: key.id } })}
    />
  )
}
