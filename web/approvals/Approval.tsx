import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowLeft, Workflow } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { approval } from '#executions/contract.ts'
import { useNames } from '../executions/names.ts'
import { ValueView } from '../forms/data/ValueView.tsx'
import { Title } from '../frame/Title.tsx'
import { read } from '../query.ts'
import { buttonLook } from '../ui/button.ts'
import { Card, Head } from '../ui/Card.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Time } from '../ui/Time.tsx'
import { plannedOf, type Question } from './asked.ts'
import { Crashed } from './Crashed.tsx'
import { Decide } from './Decide.tsx'

const route = getRouteApi('/inside/approvals/$id')
const EVERY = 5_000

/** One question: what is asked, what one has to know, and the decision. */
export function Approval() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const { data: it } = useSuspenseQuery({ ...read(approval, { params: { id } }), refetchInterval: EVERY })
  const name = useNames([it.workflowId])(it.workflowId)
  return (
    <div className="mx-auto grid max-w-2xl gap-5">
      <Title>{it.title}</Title>
      <Link to="/approvals" className={buttonLook({ variant: 'quiet', size: 'small', className: 'justify-self-start' })}>
        <ArrowLeft aria-hidden className="size-4" />
        {t('places.approvals')}
      </Link>
      <Head
        title={it.title}
        about={
          <>
            {t(`approvals.kinds.${it.kind}`)} · <bdi>{name}</bdi> · <Time at={it.createdAt} />
            {it.deadline && (
              <>
                {' '}
                · {t('approvals.until')} <Time at={it.deadline} />
              </>
            )}
          </>
        }
        action={
          <Link
            to="/execution/$id"
            params={{ id: it.executionId }}
            search={{ node: it.path.slice(it.path.lastIndexOf('.') + 1) }}
            className={buttonLook({ size: 'small' })}
          >
            <Workflow aria-hidden className="size-4" />
            {t('approvals.execution')}
          </Link>
        }
      />
      <Card>
        <About it={it} />
        {it.assignees.length > 0 && (
          <p className="text-xs text-muted">{t('approvals.askedOf', { people: it.assignees.join(', ') })}</p>
        )}
      </Card>
      {it.open ? <Answer it={it} /> : <Over it={it} />}
    </div>
  )
}

function About({ it }: { it: Question }) {
  const { t } = useTranslation()
  if (it.kind === 'permission') {
    const planned = plannedOf(it.message)
    return (
      <>
        <p className="text-sm text-muted">{t('approvals.permissionAbout')}</p>
        {planned ? (
          <div className="grid min-w-0 grid-cols-1 gap-2">
            <h2 className="text-sm">{planned.what}</h2>
            <ValueView value={planned.given} label={t('approvals.given')} />
          </div>
        ) : (
          <pre className="max-h-96 overflow-auto text-xs whitespace-pre-wrap">{it.message}</pre>
        )}
      </>
    )
  }
  return (
    <>
      {it.kind === 'answer' && <p className="text-sm text-muted">{t('approvals.answerAbout', { path: it.path })}</p>}
      <p className="whitespace-pre-wrap" dir="auto">
        {it.message || t('approvals.noMessage')}
      </p>
    </>
  )
}

const Answer = ({ it }: { it: Question }) => (it.kind === 'answer' ? <Crashed it={it} /> : <Decide it={it} />)

function Over({ it }: { it: Question }) {
  const { t } = useTranslation()
  return (
    <Notice tone="info" title={t(it.decidedAt ? 'approvals.decided' : 'approvals.ended')}>
      <p>{t('approvals.decidedAbout')}</p>
      {it.decidedAt && <Time at={it.decidedAt} />}
    </Notice>
  )
}
