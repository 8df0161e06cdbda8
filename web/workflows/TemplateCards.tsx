import { useQuery } from '@tanstack/react-query'
import { ArrowRight, Bot, Languages, Mail, UserCheck, Workflow } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { createWorkflow } from '#workflows/drafts/contract.ts'
import { templates } from '#workflows/templates/contract.ts'
import { useWhy } from '../frame/me.ts'
import { Again } from '../frame/Trouble.tsx'
import { read } from '../query.ts'
import { classes } from '../ui/classes.ts'
import { Skeleton } from '../ui/Skeleton.tsx'
import { Tip } from '../ui/Tip.tsx'
import { spoken } from '../words/words.ts'
import { useMake } from './open.ts'

const ICONS: Record<string, ReactNode> = {
  mail: <Mail aria-hidden />,
  languages: <Languages aria-hidden />,
  bot: <Bot aria-hidden />,
  'user-check': <UserCheck aria-hidden />,
}

type Props = { folder?: string | undefined; most?: number }

/** Workflows to begin with: a press makes one and opens it. */
export function TemplateCards({ folder, most }: Props) {
  const { t } = useTranslation()
  const list = useQuery({ ...read(templates, { query: { language: spoken() } }), staleTime: Number.POSITIVE_INFINITY })
  const make = useMake()
  const why = useWhy(createWorkflow)
  const look = classes('grid gap-3', most === 3 ? 'sm:grid-cols-2 lg:grid-cols-3' : 'sm:grid-cols-2')
  if (list.isPending)
    return (
      <div role="status" aria-label={t('ui.loading')} className={look}>
        {['a', 'b', 'c'].map(key => (
          <Skeleton key={key} className="h-36 rounded-xl" />
        ))}
      </div>
    )
  if (list.isError) return <Again error={list.error} onAgain={() => void list.refetch()} />
  return (
    <ul className={look}>
      {list.data.items.slice(0, most).map(({ id, name, about, icon, document }) => {
        const busy = make.isPending && make.variables?.body.name === name
        const card = (
          <button
            type="button"
            aria-disabled={why !== undefined || make.isPending || undefined}
            aria-busy={busy || undefined}
            onClick={() => {
              if (why === undefined && !make.isPending)
                make.mutate({ body: { ...document, ...(folder ? { folderId: folder } : {}) } })
            }}
            className="card group flex h-full w-full flex-col items-start gap-3 p-4 text-left transition-colors not-aria-disabled:hover:border-accent/50 not-aria-disabled:hover:bg-hover aria-disabled:opacity-60"
          >
            <span className="flex w-full items-center justify-between">
              <span className="grid size-9 place-items-center rounded-lg border border-info/30 bg-info-soft text-info [&_svg]:size-[1.125rem]">
                {ICONS[icon] ?? <Workflow aria-hidden />}
              </span>
              <ArrowRight
                aria-hidden
                className="size-4 text-muted transition-transform group-not-aria-disabled:group-hover:translate-x-0.5 group-not-aria-disabled:group-hover:text-accent"
              />
            </span>
            <span className="grid gap-1">
              <strong className="font-semibold">{name}</strong>
              <span className="text-[0.8125rem] text-muted">{about}</span>
            </span>
            <span className="sr-only">{t('workflows.useTemplate')}</span>
          </button>
        )
        return <li key={id}>{why ? <Tip text={why}>{card}</Tip> : card}</li>
      })}
    </ul>
  )
}
