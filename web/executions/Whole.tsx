import { useTranslation } from 'react-i18next'
import type { Event } from '#engine/events.ts'
import type { execution } from '#executions/contract.ts'
import type { Reply } from '#http/contract.ts'
import { FailureView } from '../forms/data/FailureView.tsx'
import { ValueView } from '../forms/data/ValueView.tsx'
import { isOver, type Status } from './filter.ts'
import { shownOf } from './held.ts'

type Props = { execution: Reply<typeof execution>; events: readonly Event[]; status: Status }

/** What went into the execution and what came out of it, while no node is chosen. */
export function Whole({ execution, events, status }: Props) {
  const { t } = useTranslation()
  const [first] = events
  const last = events.at(-1)
  const failure = last?.type === 'finished' ? last.failure : null
  return (
    <div className="grid gap-5 p-4">
      <p className="text-sm text-muted">{t('runs.chooseNode')}</p>
      {failure && <FailureView failure={failure} />}
      {isOver(status) && last?.type === 'finished' && last.outcome === 'completed' && (
        <section className="grid gap-2">
          <h2 className="text-sm">{t('runs.output')}</h2>
          <ValueView value={execution.output} label={t('runs.output')} />
        </section>
      )}
      {first?.type === 'accepted' && (
        <section className="grid gap-2">
          <h2 className="text-sm">{t('runs.input')}</h2>
          <ValueView value={shownOf(first.input, execution.id)} label={t('runs.input')} />
        </section>
      )}
    </div>
  )
}
