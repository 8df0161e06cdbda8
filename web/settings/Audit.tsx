import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { audit } from '#audit/contract.ts'
import { useWhy } from '../frame/me.ts'
import { Pages } from '../frame/Pages.tsx'
import { Title } from '../frame/Title.tsx'
import { pages } from '../query.ts'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { Card, Head } from '../ui/Card.tsx'
import { Empty } from '../ui/Empty.tsx'
import { AuditExport } from './AuditExport.tsx'
import { AuditFilter } from './AuditFilter.tsx'
import { AuditTable } from './AuditTable.tsx'
import { useNewEntries } from './entries.ts'
import { queryOf } from './filter.ts'

const route = getRouteApi('/inside/settings/audit')

/** Who did what, when and from where; new entries come by themselves. */
export function Audit() {
  const { t } = useTranslation()
  const why = useWhy(audit)
  return (
    <>
      <Title>{t('places.audit')}</Title>
      <Head title={t('places.audit')} about={t('audit.about')} action={<AuditExport why={why} />} />
      {why ? (
        <Card flush>
          <Empty icon={<ScrollText />} title={t('audit.notYours')}>
            {why}
          </Empty>
        </Card>
      ) : (
        <Log />
      )}
    </>
  )
}

function Log() {
  const { t } = useTranslation()
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const query = queryOf(filter)
  const list = useInfiniteQuery(pages(audit, query))
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const { fresh, line } = useNewEntries(filter, query)
  const filtered = Object.keys(filter).length > 0
  const toggle = (id: string) =>
    setOpened(now => (now.has(id) ? new Set([...now].filter(one => one !== id)) : new Set([...now, id])))
  return (
    <>
      <AuditFilter filter={filter} onChange={search => void navigate({ search, replace: true })} />
      <Card
        flush
        title={filtered ? t('audit.found') : t('audit.all')}
        action={
          <Badge
            tone={line === 'open' ? 'success' : 'quiet'}
            icon={
              <span
                aria-hidden
                className={line === 'open' ? 'size-2 rounded-full bg-success' : 'size-2 rounded-full border border-muted'}
              />
            }
          >
            {t(`audit.line.${line}`)}
          </Badge>
        }
      >
        <Pages
          list={list}
          empty={
            <Empty
              icon={<ScrollText />}
              title={filtered ? t('audit.noneFound') : t('audit.none')}
              action={filtered && <Button onClick={() => void navigate({ search: {} })}>{t('audit.clear')}</Button>}
            >
              {filtered ? t('audit.noneFoundAbout') : t('audit.noneAbout')}
            </Empty>
          }
        >
          {items => <AuditTable items={items} opened={opened} fresh={fresh} onToggle={toggle} />}
        </Pages>
      </Card>
    </>
  )
}
