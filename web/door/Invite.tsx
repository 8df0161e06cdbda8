import { useMutation, useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { logout, me, ways } from '#accounts/contract.ts'
import type { Reply } from '#http/contract.ts'
import { acceptInvitation, lookAtInvitation } from '#workspaces/contract.ts'
import { call, Failure, tab } from '../api.ts'
import { tokenOf } from '../path.ts'
import { queries, read } from '../query.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { tell } from '../words/tell.ts'
import { Door } from './Door.tsx'
import { enter } from './enter.ts'
import { NewAccount } from './NewAccount.tsx'
import { Providers } from './Providers.tsx'
import { SignIn } from './SignIn.tsx'

type Invitation = Reply<typeof lookAtInvitation>

/** Who is signed in here; nobody is an answer too. */
const who = {
  queryKey: ['who'],
  queryFn: () =>
    call(me).catch(error => {
      if (error instanceof Failure && error.status < 500 && error.status > 0) return null
      throw error
    }),
}

/** An invitation: look at it, then register, or sign in, and join. */
export function Invite() {
  const { t } = useTranslation()
  const token = tokenOf(useLocation({ select: place => place.hash }))
  const look = useQuery({
    queryKey: [lookAtInvitation.path, token],
    queryFn: () => call(lookAtInvitation, { body: { token } }),
    enabled: token !== '',
    retry: false,
  })
  const person = useQuery(who)
  if (token === '' || look.error)
    return (
      <Door title={t('invite.endedTitle')}>
        <Notice tone="warning">{look.error ? tell(look.error, t) : t('door.linkEnded')}</Notice>
      </Door>
    )
  if (!look.data || person.isPending)
    return (
      <Door title={t('invite.loading')}>
        <Skeleton className="h-24 rounded-xl" />
        <Skeleton className="h-11 rounded-lg" />
      </Door>
    )
  return (
    <Door title={t('invite.title', { workspace: look.data.workspace })}>
      <Card invitation={look.data} />
      <Way token={token} invitation={look.data} signedIn={person.data?.user.email ?? null} />
    </Door>
  )
}

function Card({ invitation: { workspace, email, role, invitedBy } }: { invitation: Invitation }) {
  const { t } = useTranslation()
  return (
    <div className="card flex items-start gap-3.5 p-4">
      <Avatar name={workspace} square className="size-10" />
      <div className="grid min-w-0 gap-1.5">
        <strong className="font-semibold" dir="auto">
          {workspace}
        </strong>
        <p className="text-[0.8125rem] text-muted">
          {invitedBy ? t('invite.by', { name: invitedBy, email }) : t('invite.for', { email })}
        </p>
        <p className="flex flex-wrap items-center gap-2 text-[0.8125rem] text-muted">
          <Badge tone="info">{t(`roles.${role}`)}</Badge>
          {t(`roles.may.${role}`)}
        </p>
      </div>
    </div>
  )
}

function Way({ token, invitation, signedIn }: { token: string; invitation: Invitation; signedIn: string | null }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { data } = useQuery(read(ways))
  const join = useMutation({
    mutationFn: () => call(acceptInvitation, { body: { token } }),
    onSuccess: workspace => enter(navigate, '/home', workspace.id),
  })
  const leave = useMutation({
    mutationFn: () => call(logout),
    onSuccess: () => {
      tab.enter(null)
      return queries.invalidateQueries({ queryKey: who.queryKey })
    },
  })
  const trouble = join.error && <Notice tone="danger">{tell(join.error, t)}</Notice>
  if (signedIn === invitation.email || join.isPending)
    return (
      <>
        {trouble}
        <Button variant="primary" size="large" wide busy={join.isPending} onClick={() => join.mutate()}>
          {t('invite.join')}
        </Button>
      </>
    )
  if (signedIn)
    return (
      <>
        <Notice tone="warning" title={t('invite.otherTitle')}>
          {t('invite.other', { mine: signedIn, email: invitation.email })}
        </Notice>
        <Button size="large" wide busy={leave.isPending} onClick={() => leave.mutate()}>
          {t('invite.signOut')}
        </Button>
      </>
    )
  return (
    <>
      {trouble}
      {invitation.hasAccount ? (
        <SignIn email={invitation.email} act={t('invite.signInAndJoin')} done={() => join.mutate()} />
      ) : (
        <NewAccount email={invitation.email} invitation={token} act={t('invite.registerAndJoin')} done={() => enter(navigate)} />
      )}
      <Providers providers={data?.providers ?? []} next={`/invite#${token}`} />
    </>
  )
}
