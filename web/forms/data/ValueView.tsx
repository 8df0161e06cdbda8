import { useQuery } from '@tanstack/react-query'
import { CloudDownload, Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { saveAs } from '../../save.ts'
import { Button } from '../../ui/Button.tsx'
import { Copy } from '../../ui/Copy.tsx'
import { classes } from '../../ui/classes.ts'
import { Segments } from '../../ui/Segments.tsx'
import { sizeOf } from '../../ui/time.ts'
import { tell } from '../../words/tell.ts'
import { lineOf } from '../values.ts'
import { FilesView } from './FilesView.tsx'
import { callRaw } from './fetch.ts'
import { GridView } from './GridView.tsx'
import { filesIn, type Large, largeOf, proseOf, type View, viewsOf } from './kind.ts'
import { ProseView } from './ProseView.tsx'
import { TreeView } from './TreeView.tsx'
import { csvOf, gridOf } from './table.ts'

type Props = {
  value: unknown
  /** What it is, for those who listen, and the name of a file that is saved. */
  label: string
  /** Where it stands for a template, such as `fetch`; without it only values can be copied. */
  root?: string | undefined
  className?: string
}

/** A value, looked at in the way that suits it. */
export function ValueView({ value, label, root, className }: Props) {
  const large = largeOf(value)
  return large ? (
    <LargeView large={large} label={label} root={root} className={className} />
  ) : (
    <Loaded value={value} label={label} root={root} className={className} />
  )
}

type LargeProps = { large: Large; label: string; root?: string | undefined; className?: string | undefined }

/** A value that was too large to be sent along: it comes when somebody wants to see it. */
function LargeView({ large, label, root, className }: LargeProps) {
  const { t, i18n } = useTranslation()
  const [wanted, setWanted] = useState(false)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['large value', large.url],
    queryFn: ({ signal }) => callRaw(large.url, signal),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
  if (data !== undefined) return <Loaded value={data.value} label={label} root={root} className={className} />
  return (
    <div className={classes('grid justify-items-start gap-3 rounded-xl border border-dashed border-edge p-4', className)}>
      <p className="text-sm text-muted">{t('data.large', { size: sizeOf(large.bytes, i18n.language) })}</p>
      {error && (
        <p role="alert" className="text-xs text-danger">
          {tell(error, t)}
        </p>
      )}
      <Button
        size="small"
        busy={isFetching}
        icon={<CloudDownload aria-hidden className="size-4" />}
        onClick={() => (wanted ? void refetch() : setWanted(true))}
      >
        {t('data.load')}
      </Button>
    </div>
  )
}

function Loaded({
  value,
  label,
  root,
  className,
}: {
  value: unknown
  label: string
  root?: string | undefined
  className?: string | undefined
}) {
  const { t } = useTranslation()
  const views = viewsOf(value)
  const [chosen, choose] = useState<View | null>(null)
  const view = chosen && views.includes(chosen) ? chosen : (views[0] ?? 'tree')
  const grid = view === 'table' ? gridOf(value) : null
  const text = () => (typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? ''))
  const save = () => {
    if (grid) saveAs(`${label}.csv`, new Blob([csvOf(grid)], { type: 'text/csv' }))
    else saveAs(`${label}.${typeof value === 'string' ? 'txt' : 'json'}`, new Blob([text()]))
  }
  if (value === undefined) return <p className={classes('text-sm text-muted', className)}>{t('data.nothing')}</p>
  return (
    <section aria-label={label} className={classes('grid min-w-0 grid-cols-1 content-start gap-2', className)}>
      <div className="flex min-w-0 flex-wrap items-center justify-between gap-2">
        {views.length > 1 ? (
          <Segments
            label={t('data.view')}
            value={view}
            choices={views.map(one => ({ value: one, label: t(`data.views.${one}`) }))}
            onChange={choose}
            small
          />
        ) : (
          <span />
        )}
        <span className="flex gap-1">
          <Copy text={text()} bare variant="quiet" label={t('data.copy')} />
          <Button
            size="tiny"
            variant="quiet"
            aria-label={t('data.save')}
            icon={<Download aria-hidden className="size-4" />}
            onClick={save}
          />
        </span>
      </div>
      {view === 'files' && <FilesView files={filesIn(value)} />}
      {grid && <GridView grid={grid} label={label} />}
      {view === 'text' && <ProseView text={proseOf(value) ?? lineOf(value)} label={label} />}
      {view === 'tree' && <TreeView value={value} label={label} root={root} />}
    </section>
  )
}
