import { useTranslation } from 'react-i18next'
import { toClipboard } from '../../ui/clipboard.ts'
import { say } from '../../ui/toasts.ts'
import { ValueView } from '../data/ValueView.tsx'
import { Reachable } from '../fields/Reachable.tsx'
import { expressionOf, type Reach } from '../reach.ts'
import type { LastRun } from './OutputView.tsx'

type Props = {
  reach: Reach
  last: LastRun | undefined
  /** The field in which was written last. */
  into: string | undefined
  /** Says whether there was a field to put it into. */
  onPick: (path: (string | number)[]) => boolean
}

/** What a node is given: what it can read, and what its parameters were the last time. */
export function InputView({ reach, last, into, onPick }: Props) {
  const { t } = useTranslation()
  const pick = async (path: (string | number)[]) => {
    if (onPick(path)) return
    if (await toClipboard(`{{ ${expressionOf(path)} }}`)) say(t('inspector.copied'))
  }
  return (
    <>
      <p className="px-4 pt-3 pb-2 text-xs text-muted">
        {into ? t('inspector.pickInto', { title: into }) : t('inspector.pickCopy')}
      </p>
      <div className="flex max-h-[60%] min-h-48 flex-col border-y border-line">
        <Reachable reach={reach} onPick={path => void pick(path)} />
      </div>
      {last?.input !== undefined && (
        <div className="grid min-w-0 grid-cols-1 gap-2 p-4">
          <h3 className="text-xs font-semibold text-muted">{t('inspector.lastInput')}</h3>
          <ValueView value={last.input} label={t('inspector.lastInput')} />
        </div>
      )}
    </>
  )
}
