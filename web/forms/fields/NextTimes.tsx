import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { CalendarClock } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { preview } from '#triggers/contract.ts'
import { read } from '../../query.ts'
import { tell } from '../../words/tell.ts'

type Props = { block: string; params: Record<string, unknown>; timezone: string }

/** Typing does not ask the server at every letter. */
const PAUSE = 350

/** When a trigger with these parameters would start next. */
export function NextTimes({ block, params, timezone }: Props) {
  const { t, i18n } = useTranslation()
  const [asked, setAsked] = useState(params)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(params), PAUSE)
    return () => clearTimeout(timer)
  }, [params])
  const { data, error, isPending } = useQuery({
    ...read(preview, { body: { block, params: asked, timezone, count: 5 } }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  if (isPending) return null
  const zone = data?.timezone ?? timezone
  const write = (at: string) =>
    new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full', timeStyle: 'short', timeZone: zone }).format(new Date(at))
  return (
    <section aria-label={t('cron.next')} className="grid gap-2 rounded-xl border border-line bg-well p-3.5 text-[0.8125rem]">
      <h3 className="flex items-center gap-2 text-xs font-semibold text-muted">
        <CalendarClock aria-hidden className="size-4" />
        {t('cron.next')}
      </h3>
      <div role="status">
        {error ? (
          <p className="text-warning">{tell(error, t)}</p>
        ) : data?.times.length === 0 ? (
          <p className="text-muted">{t('cron.none')}</p>
        ) : (
          <ol className="grid gap-1">
            {data?.times.map(at => (
              <li key={at}>
                <time dateTime={at}>{write(at)}</time>
              </li>
            ))}
          </ol>
        )}
      </div>
      {!error && <p className="text-xs text-muted">{t('cron.inZone', { zone })}</p>}
    </section>
  )
}
