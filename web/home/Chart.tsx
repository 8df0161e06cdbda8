import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { usage } from '#executions/usage/contract.ts'
import { executionDays } from '#insights/contract.ts'
import { Again } from '../frame/Trouble.tsx'
import { read } from '../query.ts'
import { Card } from '../ui/Card.tsx'
import { classes } from '../ui/classes.ts'
import { Skeleton } from '../ui/Skeleton.tsx'
import { Tip } from '../ui/Tip.tsx'
import { barsOf, costsOf, dollars } from './needs.ts'

const LATER = 30_000

/** Fourteen days of executions, and below them what models have cost. */
export function Chart() {
  const { t, i18n } = useTranslation()
  const days = useQuery({ ...read(executionDays), refetchInterval: LATER })
  const from = days.data?.from
  const spent = useQuery({
    ...read(usage, { query: { by: 'day', ...(from ? { from } : {}) } }),
    enabled: from !== undefined,
    refetchInterval: LATER,
  })
  const bars = barsOf(days.data?.items ?? [])
  const costs = costsOf(
    bars.map(({ day }) => day),
    spent.data?.items ?? [],
  )
  const most = Math.max(...costs, 1e-9)
  const dayOf = (day: string) =>
    new Intl.DateTimeFormat(i18n.language, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(day))
  const sum = (part: 'completed' | 'failed' | 'other') => bars.reduce((all, bar) => all + bar[part], 0)
  const total = spent.data?.total
  return (
    <Card title={t('dashboard.chart')} about={t('dashboard.chartAbout')}>
      {days.isPending ? (
        <Skeleton className="h-44" />
      ) : days.isError && !days.data ? (
        <Again error={days.error} onAgain={() => void days.refetch()} />
      ) : (
        <>
          <ul className="flex flex-wrap gap-x-5 gap-y-1.5 text-[0.8125rem]">
            <Sum tint="bg-node-done" word={t('dashboard.completed')} many={sum('completed')} />
            <Sum tint="bg-node-failed" word={t('dashboard.failed')} many={sum('failed')} />
            <Sum tint="bg-node-waiting" word={t('dashboard.other')} many={sum('other')} />
          </ul>
          <div aria-hidden className="grid gap-1.5">
            <div className="flex h-32 items-end gap-1 border-b border-line sm:gap-1.5">
              {bars.map(({ day, completed, failed, tall }) => (
                <Tip key={day} text={t('dashboard.chartDay', { day: dayOf(day), completed, failed })}>
                  <div className="flex h-full min-w-0 flex-1 flex-col justify-end gap-px rounded-t-sm hover:bg-hover">
                    <Piece tall={tall.failed} className="bg-node-failed" />
                    <Piece tall={tall.other} className="bg-node-waiting" />
                    <Piece tall={tall.completed} className="bg-node-done" />
                  </div>
                </Tip>
              ))}
            </div>
            <div className="flex justify-between text-xs text-muted tabular-nums">
              <span>{bars[0] && dayOf(bars[0].day)}</span>
              <span>{bars.at(-1) && dayOf(bars.at(-1)?.day ?? '')}</span>
            </div>
          </div>
          <div className="grid gap-2">
            <p className="flex flex-wrap items-baseline justify-between gap-2 text-[0.8125rem]">
              <span className="text-muted">{t('dashboard.cost')}</span>
              <strong className="font-semibold tabular-nums">{total ? dollars(total.knownCost, i18n.language) : '…'}</strong>
            </p>
            {total && total.knownCost > 0 && (
              <div aria-hidden className="flex h-9 items-end gap-1 border-b border-line sm:gap-1.5">
                {bars.map(({ day }, at) => (
                  <Tip key={day} text={t('dashboard.costDay', { day: dayOf(day), cost: dollars(costs[at] ?? 0, i18n.language) })}>
                    <div className="flex h-full min-w-0 flex-1 flex-col justify-end rounded-t-sm hover:bg-hover">
                      <Piece tall={(costs[at] ?? 0) / most} className="bg-info" />
                    </div>
                  </Tip>
                ))}
              </div>
            )}
            {total && total.unpricedCalls > 0 && (
              <p className="text-xs text-muted">{t('dashboard.costUnknown', { count: total.unpricedCalls })}</p>
            )}
          </div>
          <div className="sr-only">
            <table>
              <caption>{t('dashboard.chart')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('dashboard.days')}</th>
                  <th scope="col">{t('dashboard.completed')}</th>
                  <th scope="col">{t('dashboard.failed')}</th>
                  <th scope="col">{t('dashboard.other')}</th>
                  <th scope="col">{t('dashboard.cost')}</th>
                </tr>
              </thead>
              <tbody>
                {bars.map(({ day, completed, failed, other }, at) => (
                  <tr key={day}>
                    <th scope="row">{dayOf(day)}</th>
                    <td>{completed}</td>
                    <td>{failed}</td>
                    <td>{other}</td>
                    <td>{dollars(costs[at] ?? 0, i18n.language)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Card>
  )
}

function Piece({ tall, className }: { tall: number; className: string }) {
  return tall > 0 && <span className={classes('block rounded-[2px]', className)} style={{ height: `${tall * 100}%` }} />
}

function Sum({ tint, word, many }: { tint: string; word: string; many: number }) {
  const { i18n } = useTranslation()
  return (
    <li className="flex items-center gap-2">
      <span aria-hidden className={classes('size-2 rounded-full', tint)} />
      <span className="text-muted">{word}</span>
      <strong className="font-semibold tabular-nums">{many.toLocaleString(i18n.language)}</strong>
    </li>
  )
}
