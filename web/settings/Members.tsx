import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { UserPlus, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reply } from '#http/contract.ts'
import { changeRole, invite, members, removeMember } from '#workspaces/contract.ts'
import { tab } from '../api.ts'
import { useMe, useWhy, useWorkspace } from '../frame/me.ts'
import { Pages } from '../frame/Pages.tsx'
import { Title } from '../frame/Title.tsx'
import { pages, queries, useAct } from '../query.ts'
import { atLeast, givable } from '../roles.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { Card, Head } from '../ui/Card.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Empty } from '../ui/Empty.tsx'
import { Select } from '../ui/Select.tsx'
import { Time } from '../ui/Time.tsx'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'
import { Invitations } from './Invitations.tsx'
import { NewInvitation } from './NewInvitation.tsx'

type Member = Reply<typeof members>['items'][number]

const route = getRouteApi('/inside/settings/members')

/** Who belongs to the workspace, and who is asked to. */
export function Members() {
  const { t } = useTranslation()
  const { open } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useInfiniteQuery(pages(members))
  const [removing, setRemoving] = useState<Member>()
  const why = useWhy(invite)
  const show = (next: boolean) => void navigate({ search: next ? { open: 'invite' } : {}, replace: true })
  return (
    <>
      <Title>{t('places.members')}</Title>
      <Head
        title={t('places.members')}
        about={t('members.about')}
        action={
          <Button variant="primary" icon={<UserPlus aria-hidden className="size-4" />} why={why} onClick={() => show(true)}>
            {t('members.invite')}
          </Button>
        }
      />
      <Card flush>
        <Pages
          list={list}
          empty={
            <Empty icon={<UsersRound />} title={t('members.none')}>
              {t('members.noneAbout')}
            </Empty>
          }
        >
          {items => (
            <ul aria-label={t('places.members')} className="divide-y divide-line">
              {items.map(member => (
                <Row key={member.id} member={member} onRemove={() => setRemoving(member)} />
              ))}
            </ul>
          )}
        </Pages>
      </Card>
      <Invitations />
      {open === 'invite' && !why && <NewInvitation onClose={() => show(false)} />}
      {removing && <Remove member={removing} onClose={() => setRemoving(undefined)} />}
    </>
  )
}

function Row({ member, onRemove }: { member: Member; onRemove: () => void }) {
  const { t } = useTranslation()
  const { role: mine } = useMe()
  const whyRole = useWhy(changeRole)
  const change = useAct(changeRole, {
    refresh: [members, { path: '/api/me' }],
    done: ({ name, role }) => say(t('members.changed', { name, role: t(`roles.${role}`) })),
  })
  const above = mine !== null && !atLeast(mine, member.role)
  const why = whyRole ?? (above ? t('members.above', { role: t(`roles.${member.role}`) }) : undefined)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 px-5 py-3.5">
      <Avatar name={member.name} seed={member.id} />
      <div className="grid min-w-0 flex-1 basis-40 gap-0.5">
        <span className="flex min-w-0 flex-wrap items-center gap-2">
          <strong className="font-medium" dir="auto">
            {member.name}
          </strong>
          {member.you && <Badge tone="info">{t('members.you')}</Badge>}
        </span>
        <span className="text-xs text-muted">
          {member.email} · {t('members.joined')} <Time at={member.joinedAt} />
        </span>
      </div>
      <div className="flex items-center gap-2">
        {why ? (
          <Badge tone="quiet">{t(`roles.${member.role}`)}</Badge>
        ) : (
          <Select
            label={t('members.roleOf', { name: member.name })}
            value={change.variables && change.isPending ? (change.variables.body.role as Member['role']) : member.role}
            choices={givable(mine ?? 'viewer').map(role => ({
              value: role,
              label: t(`roles.${role}`),
              about: t(`roles.may.${role}`),
            }))}
            onChange={role => role !== member.role && change.mutate({ params: { id: member.id }, body: { role } })}
            className="h-9 w-40"
          />
        )}
        <Button
          size="small"
          variant={member.you ? 'plain' : 'quiet'}
          aria-label={member.you ? undefined : t('members.removeThis', { name: member.name })}
          why={member.you ? undefined : why}
          onClick={onRemove}
        >
          {member.you ? t('members.leave') : t('members.remove')}
        </Button>
      </div>
    </li>
  )
}

function Remove({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const workspace = useWorkspace()
  const remove = useAct(removeMember, {
    refresh: member.you ? [] : [members],
    quiet: true,
    done: () => {
      onClose()
      if (!member.you) return say(t('members.removed', { name: member.name }))
      say(t('members.left', { name: workspace?.name ?? '' }))
      tab.enter(null)
      void navigate({ to: '/home' }).then(() => queries.resetQueries())
    },
  })
  return (
    <Confirm
      open
      onClose={onClose}
      title={member.you ? t('members.askLeave', { name: workspace?.name ?? '' }) : t('members.askRemove', { name: member.name })}
      about={member.you ? t('members.askLeaveAbout') : t('members.askRemoveAbout')}
      act={member.you ? t('members.leave') : t('members.remove')}
      busy={remove.isPending}
      problem={remove.error ? tell(remove.error, t) : undefined}
      onAct={() => remove.mutate({ params: { id: member.id } })}
    />
  )
}
