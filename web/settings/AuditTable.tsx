import { ChevronDown, KeyRound, Terminal } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../ui/Badge.tsx'
import { buttonLook } from '../ui/button.ts'
import { classes } from '../ui/classes.ts'
import { type Column, Table } from '../ui/Table.tsx'
import { Time } from '../ui/Time.tsx'
import { exactly } from '../ui/time.ts'
import { deviceOf } from './agent.ts'
import type { Entry } from './filter.ts'
import { useActionWords } from './words.ts'

type Props = { items: Entry[]; opened: ReadonlySet<string>; fresh: ReadonlySet<string>; onToggle: (id: string) => void }

/** The lines of the audit log; each opens to all that is known. */
export function AuditTable({ items, opened, fresh, onToggle }: Props) {
  const { t } = useTranslation()
  const words = useActionWords()
  const columns: Column<Entry>[] = [
    {
      name: 'what',
      head: t('audit.what'),
      lead: true,
      cell: entry => (
        <div className="grid min-w-0 gap-0.5">
          <span className="font-medium">{words(entry.action)}</span>
          {entry.target && entry.target !== entry.actor && (
            <bdi className="line-clamp-2 text-left text-xs text-muted">{entry.target}</bdi>
          )}
        </div>
      ),
    },
    {
      name: 'who',
      head: t('audit.who'),
      cell: entry => (
        <span className="flex flex-wrap items-center gap-2">
          <bdi>{entry.actor}</bdi>
          {entry.via === 'key' && (
            <Badge tone="quiet" icon={<KeyRound aria-hidden />}>
              {t('audit.byKey')}
            </Badge>
          )}
          {entry.via === 'command' && (
            <Badge tone="quiet" icon={<Terminal aria-hidden />}>
              {t('audit.byCommand')}
            </Badge>
          )}
        </span>
      ),
    },
    { name: 'when', head: t('audit.when'), cell: entry => <Time at={entry.at} /> },
    { name: 'where', head: t('audit.where'), cell: entry => <span className="text-muted">{entry.address ?? '–'}</span> },
    {
      name: 'more',
      head: t('audit.details'),
      end: true,
      corner: true,
      cell: entry => (
        <button
          type="button"
          aria-expanded={opened.has(entry.id)}
          aria-label={t('audit.detailsOf', { what: words(entry.action) })}
          onClick={() => onToggle(entry.id)}
          className={buttonLook({ variant: 'quiet', size: 'tiny' })}
        >
          <ChevronDown aria-hidden className={classes('size-4 transition-transform', opened.has(entry.id) && 'rotate-180')} />
        </button>
      ),
    },
  ]
  return (
    <Table
      label={t('places.audit')}
      rows={items}
      columns={columns}
      keyOf={entry => entry.id}
      fresh={entry => fresh.has(entry.id)}
      below={entry => (opened.has(entry.id) ? <Details entry={entry} /> : null)}
    />
  )
}

function Details({ entry }: { entry: Entry }) {
  const { t, i18n } = useTranslation()
  const { browser, system } = deviceOf(entry.agent)
  const lines: [string, string | null][] = [
    [t('audit.action'), entry.action],
    [t('audit.when'), exactly(entry.at, i18n.language)],
    [t('audit.with'), [browser, system].filter(Boolean).join(' · ') || entry.agent || null],
    [t('audit.targetId'), entry.targetId],
    [t('audit.id'), entry.id],
    ...Object.entries(entry.details).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ]
  return (
    <dl className="appear grid gap-x-8 gap-y-2 rounded-xl border border-line bg-well p-4 text-[0.8125rem] sm:grid-cols-2">
      {lines.map(
        ([name, value]) =>
          value && (
            <div key={name} className="grid min-w-0 grid-cols-[7rem_minmax(0,1fr)] gap-3">
              <dt className="text-muted">{name}</dt>
              <dd>
                <bdi>
                  <code>{value}</code>
                </bdi>
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}
