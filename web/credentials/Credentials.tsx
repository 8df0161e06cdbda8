import { useInfiniteQuery } from '@tanstack/react-query'
import { LockKeyhole, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reply } from '#http/contract.ts'
import { changeCredential, createCredential, credentials, deleteCredential } from '#vault/contract.ts'
import { useWhy } from '../frame/me.ts'
import { Pages } from '../frame/Pages.tsx'
import { useNames } from '../frame/people.ts'
import { Title } from '../frame/Title.tsx'
import { pages, useAct } from '../query.ts'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { Card, Head } from '../ui/Card.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Empty } from '../ui/Empty.tsx'
import { type Column, Table } from '../ui/Table.tsx'
import { Time } from '../ui/Time.tsx'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'
import { EditCredential } from './EditCredential.tsx'

/** A credential, as the list shows it. */
export type Credential = Reply<typeof credentials>['items'][number]

type Doing = { do: 'new' } | { do: 'change' | 'delete'; credential: Credential } | null

/** The secrets of the workspace: their names, never their values. */
export function Credentials() {
  const { t } = useTranslation()
  const list = useInfiniteQuery(pages(credentials))
  const [doing, setDoing] = useState<Doing>(null)
  const why = useWhy(createCredential)
  const make = (
    <Button variant="primary" icon={<Plus aria-hidden className="size-4" />} why={why} onClick={() => setDoing({ do: 'new' })}>
      {t('credentials.new')}
    </Button>
  )
  return (
    <div className="grid gap-6">
      <Title>{t('places.credentials')}</Title>
      <Head title={t('places.credentials')} about={t('credentials.about')} action={make} />
      <Card flush>
        <Pages
          list={list}
          empty={
            <Empty icon={<LockKeyhole />} title={t('credentials.none')}>
              {t('credentials.noneAbout')}
            </Empty>
          }
        >
          {items => <List items={items} onDo={setDoing} />}
        </Pages>
      </Card>
      {doing?.do === 'new' && <EditCredential onClose={() => setDoing(null)} />}
      {doing?.do === 'change' && <EditCredential credential={doing.credential} onClose={() => setDoing(null)} />}
      {doing?.do === 'delete' && <Remove credential={doing.credential} onClose={() => setDoing(null)} />}
    </div>
  )
}

function List({ items, onDo }: { items: Credential[]; onDo: (doing: Doing) => void }) {
  const { t } = useTranslation()
  const whyChange = useWhy(changeCredential)
  const nameOf = useNames()
  const columns: Column<Credential>[] = [
    {
      name: 'name',
      head: t('keys.name'),
      lead: true,
      cell: one => (
        <div className="grid gap-0.5">
          <strong className="font-medium" dir="auto">
            {one.name}
          </strong>
          <code className="text-xs text-muted">{one.kind}</code>
        </div>
      ),
    },
    {
      name: 'fields',
      head: t('credentials.fields'),
      cell: one => (
        <span className="flex flex-wrap gap-1.5">
          {one.fields.map(field => (
            <Badge key={field} tone="quiet" mono>
              {field}
            </Badge>
          ))}
        </span>
      ),
    },
    { name: 'by', head: t('credentials.by'), cell: one => <bdi>{nameOf(one.createdBy)}</bdi> },
    { name: 'changed', head: t('credentials.changed'), cell: one => <Time at={one.updatedAt} /> },
    {
      name: 'do',
      head: t('ui.actions'),
      end: true,
      cell: one => (
        <div className="flex gap-2">
          <Button
            size="small"
            why={whyChange}
            aria-label={t('credentials.changeThis', { name: one.name })}
            onClick={() => onDo({ do: 'change', credential: one })}
          >
            {t('ui.change')}
          </Button>
          <Button
            size="small"
            variant="danger"
            why={whyChange}
            aria-label={t('credentials.deleteThis', { name: one.name })}
            onClick={() => onDo({ do: 'delete', credential: one })}
          >
            {t('ui.delete')}
          </Button>
        </div>
      ),
    },
  ]
  return <Table label={t('places.credentials')} rows={items} columns={columns} keyOf={one => one.id} />
}

function Remove({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  const { t } = useTranslation()
  const remove = useAct(deleteCredential, {
    refresh: [credentials],
    quiet: true,
    done: () => {
      onClose()
      say(t('credentials.deleted', { name: credential.name }))
    },
  })
  return (
    <Confirm
      open
      onClose={onClose}
      title={t('credentials.ask', { name: credential.name })}
      about={t('credentials.askAbout')}
      act={t('ui.delete')}
      busy={remove.isPending}
      problem={remove.error ? tell(remove.error, t) : undefined}
      onAct={() => remove.mutate({ params: { id: credential.id } })}
    />
  )
}
