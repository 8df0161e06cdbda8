import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { FileUp, Plus, SearchX, Workflow } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createWorkflow, workflows } from '#workflows/drafts/contract.ts'
import { useWhy } from '../frame/me.ts'
import { Title } from '../frame/Title.tsx'
import { Again } from '../frame/Trouble.tsx'
import { pages } from '../query.ts'
import { Button } from '../ui/Button.tsx'
import { Card, Head } from '../ui/Card.tsx'
import { Empty } from '../ui/Empty.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Select } from '../ui/Select.tsx'
import { SkeletonRows } from '../ui/Skeleton.tsx'
import { BulkBar } from './BulkBar.tsx'
import { Describe } from './Describe.tsx'
import { Find } from './Find.tsx'
import { First } from './First.tsx'
import { Folders } from './Folders.tsx'
import { useFolders } from './folders.ts'
import { Import } from './Import.tsx'
import { NewWorkflow } from './NewWorkflow.tsx'
import { NONE, still } from './picked.ts'
import { Rows } from './Rows.tsx'
import { wayTo } from './tree.ts'
import { type Change, isWhole, ORDERS, queryOf, SHOWN, type View, viewOf } from './view.ts'

const route = getRouteApi('/inside/workflows')

/** The workflows of the workspace, in their folders. */
export function Workflows() {
  const { t } = useTranslation()
  const view = route.useSearch()
  const navigate = route.useNavigate()
  const why = useWhy(createWorkflow)
  const { list: folders, tree, isPending } = useFolders()
  const list = useInfiniteQuery({ ...pages(workflows, queryOf(view)), placeholderData: keepPreviousData })
  const items = list.data?.pages.flatMap(page => page.items) ?? []
  const [chosen, setPicked] = useState(NONE)
  const picked = still(
    chosen,
    items.map(({ id }) => id),
  )
  const look = (change: Change) =>
    void navigate({ search: before => viewOf({ ...before, ...change }), replace: !('open' in change), resetScroll: false })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [isFetchingNextPage, fetchNextPage])

  const fresh = !list.isPending && !list.isError && items.length === 0 && isWhole(view) && !isPending && tree.length === 0
  const way = wayTo(folders, view.folder)
  const folder = way.at(-1)?.id
  const close = () => look({ open: undefined })
  return (
    <div className="grid gap-6">
      <Title>{t('places.workflows')}</Title>
      <Head
        title={way.at(-1)?.name ?? t('places.workflows')}
        about={way.length > 1 ? way.map(({ name }) => name).join(' / ') : t('workflows.about')}
        action={
          <>
            <Button icon={<FileUp aria-hidden className="size-4" />} why={why} onClick={() => look({ open: 'import' })}>
              {t('workflows.import')}
            </Button>
            <Button
              variant="primary"
              icon={<Plus aria-hidden className="size-4" />}
              why={why}
              onClick={() => look({ open: 'new' })}
            >
              {t('workflows.new')}
            </Button>
          </>
        }
      />
      {fresh ? (
        <First onOpen={open => look({ open })} />
      ) : (
        <div className="grid items-start gap-x-6 gap-y-4 lg:grid-cols-[12.5rem_minmax(0,1fr)]">
          <Folders tree={tree} view={view} onView={look} />
          <div className="grid min-w-0 gap-4">
            <div className="flex flex-wrap items-center gap-3">
              <Find value={view.q ?? ''} onChange={q => look({ q: q || undefined })} />
              <Segments
                label={t('workflows.show')}
                value={view.show ?? 'all'}
                choices={SHOWN.map(value => ({ value, label: t(`workflows.shown.${value}`) }))}
                onChange={show => look({ show: show === 'all' ? undefined : show })}
              />
              <Select
                label={t('workflows.sort')}
                value={view.sort ?? 'newest'}
                choices={ORDERS.map(value => ({ value, label: t(`workflows.orders.${value}`) }))}
                onChange={sort => look({ sort: sort === 'newest' ? undefined : sort })}
                className="h-9 w-auto"
              />
            </div>
            <Card flush className="overflow-clip">
              {list.isPending ? (
                <SkeletonRows rows={8} />
              ) : list.isError && !list.data ? (
                <Again error={list.error} onAgain={() => void list.refetch()} />
              ) : items.length === 0 ? (
                <Nothing view={view} onView={look} />
              ) : (
                <>
                  <Heads />
                  <Rows
                    items={items}
                    more={hasNextPage}
                    onMore={more}
                    picked={picked}
                    onPick={setPicked}
                    folders={folders}
                    tree={tree}
                    withWay={!view.folder}
                  />
                </>
              )}
            </Card>
            {picked.ids.size > 0 && (
              <BulkBar items={items.filter(({ id }) => picked.ids.has(id))} tree={tree} onDone={() => setPicked(NONE)} />
            )}
          </div>
        </div>
      )}
      {view.open === 'new' && <NewWorkflow folder={folder} onClose={close} onOpen={open => look({ open })} />}
      {view.open === 'describe' && <Describe folder={folder} onClose={close} />}
      {view.open === 'import' && <Import folder={folder} onClose={close} />}
    </div>
  )
}

/** What the columns are; each row says it, too, for those who listen. */
function Heads() {
  const { t } = useTranslation()
  return (
    <div aria-hidden className="hidden gap-4 border-b border-line py-2.5 pr-3 pl-4 text-xs font-medium text-muted md:flex">
      <span className="w-4" />
      <span className="flex-1">{t('workflows.name')}</span>
      <span className="w-24">{t('workflows.state')}</span>
      <span className="w-52">{t('workflows.lastRunHead')}</span>
      <span className="hidden w-28 xl:block">{t('workflows.changedHead')}</span>
      <span className="w-7" />
    </div>
  )
}

type NothingProps = { view: View; onView: (change: Change) => void }

function Nothing({ view, onView }: NothingProps) {
  const { t } = useTranslation()
  const searched = view.q !== undefined
  const all = (
    <Button onClick={() => onView({ q: undefined, show: undefined, folder: undefined })}>{t('workflows.showAll')}</Button>
  )
  if (searched)
    return (
      <Empty icon={<SearchX />} title={t('workflows.noneFound')} action={all}>
        {view.folder ? t('workflows.noneFoundHere') : t('workflows.noneFoundAbout')}
      </Empty>
    )
  if (view.show)
    return (
      <Empty icon={<Workflow />} title={t('workflows.noneSuch')} action={all}>
        {t(`workflows.noneSuchAbout.${view.show}`)}
      </Empty>
    )
  return (
    <Empty
      icon={<Workflow />}
      title={t('workflows.noneHere')}
      action={<Button onClick={() => onView({ open: 'new' })}>{t('workflows.new')}</Button>}
    >
      {t('workflows.noneHereAbout')}
    </Empty>
  )
}
