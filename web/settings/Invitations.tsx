import { useInfiniteQuery } from '@tanstack/react-query'
import { MailPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reply } from '#http/contract.ts'
import { invitations, revokeInvitation } from '#workspaces/contract.ts'
import { useWhy } from '../frame/me.ts'
import { Pages } from '../frame/Pages.tsx'
import { pages, useAct } from '../query.ts'
import { Badge, type BadgeTone } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Empty } from '../ui/Empty.tsx'
import { type Column, Table } from '../ui/Table.tsx'
import { Time } from '../ui/Time.tsx'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'

type Invitation = Reply<typeof invitations>['items'][number]

const TONES: Record<Invitation['state'], BadgeTone> = { open: 'info', accepted: 'success', revoked: 'quiet', expired: 'warning' }

/** Who is asked to join; for admins. */
export function Invitations() {
  const { t } = useTranslation()
  const why = useWhy(invitations)
  return (
    <Card flush title={t('invitations.title')} about={why ?? t('invitations.about')}>
      {!why && <List />}
    </Card>
  )
}

function List() {
  const { t } = useTranslation()
  const list = useInfiniteQuery(pages(invitations))
  const [revoking, setRevoking] = useState<Invitation>()
  const columns: Column<Invitation>[] = [
    { name: 'email', head: t('door.email'), lead: true, cell: one => <span className="font-medium">{one.email}</span> },
    { name: 'role', head: t('keys.role'), cell: one => <Badge tone="quiet">{t(`roles.${one.role}`)}</Badge> },
    {
      name: 'state',
      head: t('invitations.state'),
      cell: one => <Badge tone={TONES[one.state]}>{t(`invitations.states.${one.state}`)}</Badge>,
    },
    { name: 'by', head: t('invitations.by'), cell: one => <bdi>{one.invitedBy ?? '–'}</bdi> },
    { name: 'expires', head: t('keys.expires'), cell: one => <Time at={one.expiresAt} /> },
    {
      name: 'do',
      head: t('ui.actions'),
      end: true,
      cell: one =>
        one.state === 'open' && (
          <Button
            size="small"
            variant="danger"
            aria-label={t('invitations.revokeThis', { email: one.email })}
            onClick={() => setRevoking(one)}
          >
            {t('invitations.revoke')}
          </Button>
        ),
    },
  ]
  return (
    <>
      <Pages
        list={list}
        empty={
          <Empty icon={<MailPlus />} title={t('invitations.none')}>
            {t('invitations.noneAbout')}
          </Empty>
        }
      >
        {items => <Table label={t('invitations.title')} rows={items} columns={columns} keyOf={one => one.id} />}
      </Pages>
      {revoking && <Revoke of={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  )
}

function Revoke({ of: one, onClose }: { of: Invitation; onClose: () => void }) {
  const { t } = useTranslation()
  const revoke = useAct(revokeInvitation, {
    refresh: [invitations],
    quiet: true,
    done: () => {
      onClose()
      say(t('invitations.revoked', { email: one.email }))
    },
  })
  return (
    <Confirm
      open
      onClose={onClose}
      title={t('invitations.ask', { email: one.email })}
      about={t('invitations.askAbout')}
      act={t('invitations.revoke')}
      busy={revoke.isPending}
      problem={revoke.error ? tell(revoke.error, t) : undefined}
      onAct={() => revoke.mutate({ params: { id: one.id } })}
    />
  )
}
