import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRight, Check, Terminal } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ways } from '#accounts/contract.ts'
import { createCredential, credentials } from '#vault/contract.ts'
import { invitations, invite, keys, members } from '#workspaces/contract.ts'
import { useMe, useWhy } from '../frame/me.ts'
import { recall } from '../keep.ts'
import { pages, read } from '../query.ts'
import { buttonLook } from '../ui/button.ts'
import { Card } from '../ui/Card.tsx'
import { Code } from '../ui/Copy.tsx'
import { classes } from '../ui/classes.ts'
import { Notice } from '../ui/Notice.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { type Step, stepsOf } from './steps.ts'

const WAYS_IN = {
  account: { to: '/settings/profile' },
  secure: { to: '/settings/security' },
  invite: { to: '/settings/members', search: { open: 'invite' } },
  key: { to: '/settings/keys', search: { open: 'new' } },
  credential: { to: '/credentials' },
  reference: { to: '/api/docs' },
} as const

function useSteps(): Step[] | null {
  const { user } = useMe()
  const mayInvite = useWhy(invite) === undefined
  const mayKeep = useWhy(createCredential) === undefined
  const counts = [
    useInfiniteQuery(pages(keys)),
    useInfiniteQuery(pages(members)),
    useInfiniteQuery(pages(credentials)),
    useInfiniteQuery({ ...pages(invitations), enabled: mayInvite }),
  ]
  if (counts.some(({ isLoading }) => isLoading)) return null
  const [has = 0, people = 0, kept = 0, invited = 0] = counts.map(({ data }) => data?.pages[0]?.items.length ?? 0)
  return stepsOf({
    twoFactor: user.twoFactor,
    keys: has,
    members: people,
    invitations: invited,
    credentials: kept,
    lookedAtReference: recall('reference') !== null,
    mayInvite,
    mayKeep,
  })
}

/** What there is to do once so that a workspace is safe and ready for others; gone when all is done. */
export function Steps() {
  const { t } = useTranslation()
  const steps = useSteps()
  const { data } = useQuery(read(ways))
  const { user } = useMe()
  const done = steps?.filter(step => step.done).length ?? 0
  const next = steps?.find(step => !step.done)
  const complete = steps !== null && !next
  return (
    <Card
      flush
      title={complete ? t('home.complete') : t('home.start')}
      about={complete ? t('home.completeAbout') : t('home.startAbout')}
      action={steps && <Ring done={done} of={steps.length} />}
    >
      <ol className="divide-y divide-line">
        {steps ? (
          steps.map(step => <Line key={step.word} step={step} next={step === next} />)
        ) : (
          <li className="grid gap-4 p-5">
            {['a', 'b', 'c', 'd'].map(key => (
              <Skeleton key={key} className="h-10" />
            ))}
          </li>
        )}
      </ol>
      {user.ownsInstance && data && !data.mail && (
        <div className="border-t border-line p-5">
          <Notice title={t('home.noMail')}>{t('home.noMailAbout')}</Notice>
        </div>
      )}
    </Card>
  )
}

function Line({ step: { word, done }, next }: { step: Step; next: boolean }) {
  const { t } = useTranslation()
  const way = WAYS_IN[word]
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 px-5 py-4">
      <span
        className={classes(
          'grid size-7 shrink-0 place-items-center rounded-full border',
          done
            ? 'border-success/40 bg-success-soft text-success'
            : next
              ? 'pulse-ring border-accent text-accent'
              : 'border-edge text-muted',
        )}
      >
        {done ? (
          <Check aria-hidden className="size-4" />
        ) : (
          <span aria-hidden className={classes('size-1.5 rounded-full', next ? 'bg-accent' : 'bg-muted/60')} />
        )}
        <span className="sr-only">{done ? t('home.done') : t('home.open')}</span>
      </span>
      <div className="grid min-w-0 flex-1 basis-52 gap-0.5">
        <strong className={classes('font-medium', done && 'text-muted')}>{t(`home.steps.${word}`)}</strong>
        <span className="text-[0.8125rem] text-muted">{t(`home.stepsAbout.${word}`)}</span>
      </div>
      {!done && (
        <Link {...way} className={buttonLook({ variant: next ? 'primary' : 'plain', size: 'small' })}>
          {t(`home.stepsAct.${word}`)}
          <ArrowRight aria-hidden className="size-3.5" />
        </Link>
      )}
    </li>
  )
}

function Ring({ done, of }: { done: number; of: number }) {
  const { t } = useTranslation()
  const round = 2 * Math.PI * 16
  return (
    <span className="relative grid size-12 place-items-center">
      <svg viewBox="0 0 40 40" aria-hidden="true" className="absolute inset-0 -rotate-90 fill-none">
        <circle cx="20" cy="20" r="16" strokeWidth="3" className="stroke-press" />
        <circle
          cx="20"
          cy="20"
          r="16"
          strokeWidth="3"
          strokeLinecap="round"
          strokeDasharray={`${(round * done) / of} ${round}`}
          className="stroke-success transition-[stroke-dasharray] duration-500"
        />
      </svg>
      <span aria-hidden className="text-xs font-semibold tabular-nums">
        {done}/{of}
      </span>
      <span className="sr-only">{t('home.progress', { done, of })}</span>
    </span>
  )
}

/** How a program gets in. */
export function Program() {
  const { t } = useTranslation()
  return (
    <Card title={t('home.program')} about={t('home.programAbout')}>
      <Code
        label={t('home.program')}
        text={`export PROMPTPILOT_API_KEY=…\n\ncurl ${location.origin}/api/me \\\n  -H "Authorization: Bearer $PROMPTPILOT_API_KEY"`}
      />
      <Link to="/api/docs" className={buttonLook({ variant: 'plain', size: 'small', className: 'w-fit' })}>
        <Terminal aria-hidden className="size-4" />
        {t('home.reference')}
      </Link>
    </Card>
  )
}
