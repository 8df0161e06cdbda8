import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { CircleHelp, Hand, Inbox, ShieldQuestion } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { approvals } from '#executions/contract.ts'
import { useNames } from '../executions/names.ts'
import { Pages } from '../frame/Pages.tsx'
import { Title } from '../frame/Title.tsx'
import { pages } from '../query.ts'
import { Card, Head } from '../ui/Card.tsx'
import { Empty } from '../ui/Empty.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Time } from '../ui/Time.tsx'

const route = getRouteApi('/inside/approvals')
const ICONS = { approval: Hand, permission: ShieldQuestion, answer: CircleHelp }
const EVERY = 5_000

/** What waits for people: for me, or for anybody. */
export function Approvals() {
  const { t } = useTranslation()
  const { whose = 'mine' } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useInfiniteQuery({
    ...pages(approvals, { limit: 50, ...(whose === 'mine' ? { mine: 'true' } : {}) }),
    refetchInterval: EVERY,
  })
  return (
    <>
      <Title>{t('places.approvals')}</Title>
      <div className="grid gap-5">
        <Head title={t('places.approvals')} about={t('approvals.about')} />
        <Segments
          label={t('approvals.whose')}
          value={whose}
          onChange={next => void navigate({ search: next === 'all' ? { whose: next } : {}, replace: true })}
          choices={[
            { value: 'mine', label: t('approvals.mine') },
            { value: 'all', label: t('approvals.all') },
          ]}
        />
        <Card flush>
          <Pages
            list={list}
            empty={
              <Empty icon={<Inbox />} title={t('approvals.none')}>
                {t(whose === 'mine' ? 'approvals.noneMine' : 'approvals.noneAll')}
              </Empty>
            }
          >
            {items => <Items items={items} />}
          </Pages>
        </Card>
      </div>
    </>
  )
}

type Item = Awaited<ReturnType<(typeof approvals)['reply']['parseAsync']>>['items'][number]

function Items({ items }: { items: readonly Item[] }) {
  const { t } = useTranslation()
  const names = useNames(items.map(one => one.workflowId))
  return (
    <ul aria-label={t('places.approvals')} className="grid divide-y divide-line">
      {items.map(one => {
        const Icon = ICONS[one.kind]
        return (
          <li key={one.id}>
            <Link
              to="/approvals/$id"
              params={{ id: one.id }}
              className="flex items-center gap-4 px-5 py-4 transition-colors hover:bg-hover"
            >
              <span className="grid size-9 shrink-0 place-items-center rounded-lg border border-line bg-warning-soft text-warning">
                <Icon aria-hidden className="size-4" />
              </span>
              <span className="grid min-w-0 flex-1 gap-0.5">
                <span className="truncate font-medium" dir="auto">
                  {one.title}
                </span>
                <span className="truncate text-xs text-muted" dir="auto">
                  {t(`approvals.kinds.${one.kind}`)} · {names(one.workflowId)}
                </span>
              </span>
              <span className="grid shrink-0 justify-items-end gap-0.5 text-xs text-muted">
                <Time at={one.createdAt} />
                {one.deadline && (
                  <span className="text-warning">
                    {t('approvals.until')} <Time at={one.deadline} />
                  </span>
                )}
              </span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
