import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Plus, Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { createWorkflow, workflows } from '#workflows/drafts/contract.ts'
import { now } from '../clock.ts'
import { useMe, useWhy, useWorkspace } from '../frame/me.ts'
import { Title } from '../frame/Title.tsx'
import { read } from '../query.ts'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { TemplateCards } from '../workflows/TemplateCards.tsx'
import { Dashboard } from './Dashboard.tsx'
import { Program, Steps } from './Settle.tsx'
import { partOfDay } from './steps.ts'

/** Where one arrives: what goes on, what there is to do; for who is new, where to begin. */
export function Home() {
  const { t } = useTranslation()
  const { user } = useMe()
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const why = useWhy(createWorkflow)
  const any = useQuery(read(workflows, { query: { limit: 1 } }))
  const fresh = any.data?.items.length === 0
  const greeting = t(`home.greeting.${partOfDay(new Date(now()).getHours())}`, { name: user.name })
  return (
    <div className="grid gap-7">
      <Title>{t('places.home')}</Title>
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div className="grid min-w-0 gap-2">
          <h1 className="text-2xl leading-tight sm:text-[1.75rem]" dir="auto">
            {greeting}
          </h1>
          <p className="flex flex-wrap items-center gap-2 text-muted">
            {workspace && (
              <>
                <bdi>{workspace.name}</bdi>
                <Badge tone="info">{t(`roles.${workspace.role}`)}</Badge>
              </>
            )}
          </p>
        </div>
        <div className="flex flex-wrap gap-2.5">
          <Button
            icon={<Sparkles aria-hidden className="size-4" />}
            why={why}
            onClick={() => void navigate({ to: '/workflows', search: { open: 'describe' } })}
          >
            {t('workflows.describe')}
          </Button>
          <Button
            variant={fresh ? 'plain' : 'primary'}
            icon={<Plus aria-hidden className="size-4" />}
            why={why}
            onClick={() => void navigate({ to: '/workflows', search: { open: 'new' } })}
          >
            {t('workflows.new')}
          </Button>
        </div>
      </header>
      {fresh ? (
        <section aria-label={t('dashboard.start')} className="grid gap-4">
          <div className="grid max-w-2xl gap-1">
            <h2 className="text-lg">{t('dashboard.start')}</h2>
            <p className="text-muted">{t('dashboard.startAbout')}</p>
          </div>
          <TemplateCards most={3} />
        </section>
      ) : (
        <Dashboard />
      )}
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <Steps />
        <Program />
      </div>
    </div>
  )
}
