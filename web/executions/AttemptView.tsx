import { useTranslation } from 'react-i18next'
import { costText, tookText } from '../canvas/took.ts'
import { FailureView } from '../forms/data/FailureView.tsx'
import { ProseView } from '../forms/data/ProseView.tsx'
import { ValueView } from '../forms/data/ValueView.tsx'
import { Badge } from '../ui/Badge.tsx'
import { exactly } from '../ui/time.ts'
import { spoken } from '../words/words.ts'
import type { Attempt } from './attempts.ts'
import { shownOf } from './held.ts'

type Props = { execution: string; attempt: Attempt; last: boolean; name: string }

const TONES = {
  done: 'success',
  failed: 'danger',
  retrying: 'warning',
  waiting: 'warning',
  allowing: 'warning',
  asking: 'warning',
  running: 'info',
} as const

/** One try of a node: when, how long, what came of it, what it logged, what it took. */
export function AttemptView({ execution, attempt: it, last, name }: Props) {
  const { t } = useTranslation()
  const tokens = it.usage.reduce((sum, one) => sum + one.inputTokens + one.outputTokens, 0)
  return (
    <section
      aria-label={t('runs.attempt', { number: it.attempt })}
      className="grid min-w-0 grid-cols-1 gap-3 border-t border-line pt-3 first:border-0 first:pt-0"
    >
      <div className="flex flex-wrap items-center gap-2 text-xs text-muted">
        <Badge tone={TONES[it.is]}>{t(`runs.did.${it.is}`)}</Badge>
        <span>{t('runs.attempt', { number: it.attempt })}</span>
        <span title={exactly(new Date(it.from).toISOString(), spoken())}>
          {it.to === null ? '' : tookText(it.to - it.from, spoken())}
        </span>
        {it.outlet !== null && it.outlet !== 'main' && <Badge tone="quiet">{t('runs.leftBy', { outlet: it.outlet })}</Badge>}
        {it.cached && <Badge tone="quiet">{t('runs.cached')}</Badge>}
      </div>
      {it.failure && <FailureView failure={it.failure} />}
      {it.partial && (
        <div className="grid gap-1.5">
          <h3 className="text-xs text-muted">{t('runs.partial')}</h3>
          <ProseView text={it.partial} label={t('runs.partial')} />
        </div>
      )}
      {it.output && <ValueView value={shownOf(it.output, execution)} label={name} root={last ? name : undefined} />}
      {it.usage.length > 0 && (
        <ul aria-label={t('runs.usage')} className="grid gap-1 text-xs text-muted">
          {it.usage.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: calls of models have no name of their own, and none is taken out
            <li key={at} className="flex flex-wrap gap-x-3">
              <code>{one.model}</code>
              <span>
                {t('runs.tokens', {
                  input: one.inputTokens.toLocaleString(spoken()),
                  output: one.outputTokens.toLocaleString(spoken()),
                })}
              </span>
              <span>{one.cost === null ? t('canvas.costUnknown') : costText(one.cost / 1e6, spoken())}</span>
            </li>
          ))}
          {it.usage.length > 1 && <li>{t('runs.tokensAll', { tokens: tokens.toLocaleString(spoken()) })}</li>}
        </ul>
      )}
      {it.lines.length > 0 && (
        <section aria-label={t('runs.lines')} className="grid gap-1.5">
          <h3 className="text-xs text-muted">{t('runs.lines')}</h3>
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            tabIndex={0}
            className="max-h-72 overflow-auto rounded-xl border border-line bg-well p-3 text-xs whitespace-pre-wrap"
          >
            {it.lines.join('\n')}
          </pre>
        </section>
      )}
    </section>
  )
}
