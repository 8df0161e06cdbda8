import { CircleCheck, CircleDashed, CirclePause, CircleX, LoaderCircle, SkipForward } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { spoken } from '../words/words.ts'
import type { NodeState } from './states.ts'
import { costText, tookText } from './took.ts'

const ICONS = {
  waiting: CircleDashed,
  running: LoaderCircle,
  done: CircleCheck,
  failed: CircleX,
  skipped: SkipForward,
  paused: CirclePause,
}

/** How a node stands, in an icon and a word, with what it took and cost. */
export function StateLine({ state }: { state: NodeState }) {
  const { t } = useTranslation()
  const Icon = ICONS[state.is]
  const facts = [
    state.turns && t('canvas.turns', { done: state.turns.done, all: state.turns.all ?? '?' }),
    state.took !== undefined && tookText(state.took, spoken()),
    state.cost !== undefined &&
      (state.cost === null ? t('canvas.costUnknown') : state.cost > 0 && costText(state.cost, spoken())),
  ].filter(Boolean)
  return (
    <span
      data-state={state.is}
      className="state-line flex items-center gap-1.5 text-[0.6875rem] leading-4 font-medium whitespace-nowrap"
    >
      <Icon aria-hidden className={state.is === 'running' ? 'size-3.5 animate-spin' : 'size-3.5'} />
      {t(`canvas.state.${state.is}`)}
      {facts.length > 0 && <span className="font-normal text-muted tabular-nums">{facts.join(' · ')}</span>}
    </span>
  )
}
