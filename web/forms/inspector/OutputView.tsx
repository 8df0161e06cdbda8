import { Pin, PinOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Time } from '../../ui/Time.tsx'
import { FailureView, type NodeFailure } from '../data/FailureView.tsx'
import { ValueView } from '../data/ValueView.tsx'
import type { Block } from '../Inspector.tsx'
import type { Node } from '../settings.ts'
import { PinnedBox } from './PinnedBox.tsx'

/** What a node did the last time. */
export type LastRun = {
  at: string
  input?: unknown
  output?: unknown
  error?: NodeFailure | null
  lines?: readonly string[]
  /** Milliseconds. */
  took?: number | null
  /** Dollars; null where a price is not known. */
  cost?: number | null
  attempts?: number
}

type Props = {
  node: Node
  block: Block | null
  last: LastRun | undefined
  pinned: unknown
  onPin: ((value: unknown) => void) | undefined
}

/** What came of a node, and what stands for it while the workflow is being built. */
export function OutputView({ node, block, last, pinned, onPin }: Props) {
  const { t, i18n } = useTranslation()
  const [editing, setEditing] = useState(false)
  const isPinned = pinned !== undefined
  const seconds = (time: number) => new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 }).format(time / 1000)
  return (
    <>
      {isPinned && !editing && (
        <Notice title={t('inspector.pinned')}>
          <p>{t('inspector.pinnedAbout')}</p>
          <ValueView value={pinned} label={t('inspector.pinned')} root={node.key} />
        </Notice>
      )}
      {editing && onPin && (
        <PinnedBox
          value={pinned ?? last?.output ?? block?.example.output}
          onCancel={() => setEditing(false)}
          onSave={value => {
            onPin(value)
            setEditing(false)
          }}
        />
      )}
      {onPin && !editing && (
        <div className="flex flex-wrap gap-2">
          {last?.output !== undefined && !isPinned && (
            <Button size="small" icon={<Pin aria-hidden className="size-4" />} onClick={() => onPin(last.output)}>
              {t('inspector.pin')}
            </Button>
          )}
          <Button size="small" variant="quiet" onClick={() => setEditing(true)}>
            {isPinned ? t('inspector.editPinned') : t('inspector.writePinned')}
          </Button>
          {isPinned && (
            <Button
              size="small"
              variant="quiet"
              icon={<PinOff aria-hidden className="size-4" />}
              onClick={() => onPin(undefined)}
            >
              {t('inspector.unpin')}
            </Button>
          )}
        </div>
      )}
      {last ? (
        <>
          <p className="flex flex-wrap items-center gap-2 text-xs text-muted">
            <Time at={last.at} />
            {last.took != null && <Badge tone="quiet">{t('inspector.took', { seconds: seconds(last.took) })}</Badge>}
            {last.cost !== undefined && (
              <Badge tone="quiet">{last.cost === null ? t('inspector.costUnknown') : `$${last.cost.toPrecision(3)}`}</Badge>
            )}
            {(last.attempts ?? 1) > 1 && <Badge tone="warning">{t('inspector.attempts', { count: last.attempts ?? 1 })}</Badge>}
          </p>
          {last.error && <FailureView failure={last.error} />}
          {last.output !== undefined && <ValueView value={last.output} label={t('inspector.output')} root={node.key} />}
          {last.lines && last.lines.length > 0 && (
            <section aria-label={t('inspector.log')} className="grid min-w-0 grid-cols-1 gap-1.5">
              <h3 className="text-xs font-semibold text-muted">{t('inspector.log')}</h3>
              <pre
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
                tabIndex={0}
                className="max-h-64 overflow-auto rounded-xl border border-line bg-well p-3 text-xs whitespace-pre-wrap"
              >
                {last.lines.join('\n')}
              </pre>
            </section>
          )}
        </>
      ) : (
        !isPinned && !editing && <p className="text-sm text-muted">{t('inspector.notRun')}</p>
      )}
    </>
  )
}
