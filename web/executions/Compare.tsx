import { Link } from '@tanstack/react-router'
import { ArrowLeft, ChevronRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { StateLine } from '../canvas/State.tsx'
import { costText, tookText } from '../canvas/took.ts'
import { ValueView } from '../forms/data/ValueView.tsx'
import { Title } from '../frame/Title.tsx'
import { Badge } from '../ui/Badge.tsx'
import { buttonLook } from '../ui/button.ts'
import { Segments } from '../ui/Segments.tsx'
import { spoken } from '../words/words.ts'
import { type Did, type Pair, pairsOf } from './compare.ts'
import { shownOf } from './held.ts'
import { costOf, phaseOf, spanOf } from './phase.ts'
import { Status } from './Status.tsx'
import { stateOf } from './states.ts'
import { Took } from './Took.tsx'
import { useDrawn, useWatch } from './useWatch.ts'
import type { Sight } from './watch.ts'

/** Two executions beside each other: which nodes did something else, put out something else, took longer or cost more. */
export function Compare({ left, right }: { left: string; right: string }) {
  const { t } = useTranslation()
  const here = useDrawn(left)
  const there = useDrawn(right)
  const one = useWatch(left, here.drawing, here.catalogue)
  const two = useWatch(right, there.drawing, there.catalogue)
  const [shown, show] = useState<'different' | 'all'>('different')
  const pairs = useMemo(
    () => pairsOf({ ...one, drawing: here.drawing }, { ...two, drawing: there.drawing }),
    [one, two, here.drawing, there.drawing],
  )
  const different = pairs.filter(({ differs }) => differs.length > 0)
  const listed = shown === 'all' ? pairs : different
  return (
    <div className="mx-auto grid max-w-6xl gap-5 px-4 py-6 sm:px-8">
      <Title>{t('runs.compareOf', { name: here.drawing.name })}</Title>
      <header className="grid gap-3">
        <Link
          to="/execution/$id"
          params={{ id: left }}
          className={buttonLook({ variant: 'quiet', size: 'small', className: 'justify-self-start' })}
        >
          <ArrowLeft aria-hidden className="size-4" />
          {t('runs.backToRun')}
        </Link>
        <h1 className="text-xl" dir="auto">
          {t('runs.compareOf', { name: here.drawing.name })}
        </h1>
      </header>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <SideHead id={left} word={t('runs.left')} sight={one} />
        <SideHead id={right} word={t('runs.right')} sight={two} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="text-sm text-muted">
          {t('runs.differing', { count: different.length, all: pairs.length })}
        </p>
        <Segments
          label={t('runs.compareShow')}
          value={shown}
          onChange={show}
          choices={[
            { value: 'different', label: t('runs.onlyDifferent') },
            { value: 'all', label: t('runs.allNodes') },
          ]}
        />
      </div>
      <ul aria-label={t('runs.steps')} className="card grid divide-y divide-line">
        {listed.map(pair => (
          <Both key={pair.key} pair={pair} left={left} right={right} />
        ))}
        {listed.length === 0 && <li className="p-6 text-center text-sm text-muted">{t('runs.noDifference')}</li>}
      </ul>
    </div>
  )
}

function SideHead({ id, word, sight }: { id: string; word: string; sight: Sight }) {
  const { t } = useTranslation()
  const cost = costOf(sight.events)
  return (
    <section aria-label={word} className="card flex flex-wrap items-center gap-3 p-4 text-sm">
      <span className="font-medium">{word}</span>
      <Status status={phaseOf(sight.events, sight.standings)} />
      <span className="text-muted">
        <Took of={spanOf(sight.events)} />
      </span>
      {cost !== 0 && (
        <span className="text-muted">{cost === null ? t('canvas.costUnknown') : costText(cost / 1e6, spoken())}</span>
      )}
      <Link to="/execution/$id" params={{ id }} className="ml-auto text-accent hover:underline">
        {t('runs.openRun')}
      </Link>
    </section>
  )
}

function Both({ pair, left, right }: { pair: Pair; left: string; right: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const took = (pair.right?.standing.took ?? 0) - (pair.left?.standing.took ?? 0)
  return (
    <li data-pair={pair.key} className="grid min-w-0 grid-cols-1 gap-3 p-4">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-w-0 flex-wrap items-center gap-2 text-left"
      >
        <ChevronRight aria-hidden className={open ? 'size-4 rotate-90' : 'size-4'} />
        <span className="truncate font-medium" dir="auto">
          {pair.name}
        </span>
        {pair.differs.map(one => (
          <Badge key={one} tone={one === 'outcome' ? 'danger' : 'warning'}>
            {t(`runs.differs.${one}`)}
          </Badge>
        ))}
        {Math.abs(took) >= 1 && (
          <span className="text-xs text-muted tabular-nums">
            {t(took > 0 ? 'runs.slower' : 'runs.faster', { took: tookText(Math.abs(took), spoken()) })}
          </span>
        )}
      </button>
      <div className="grid min-w-0 grid-cols-1 gap-3 sm:grid-cols-2">
        <OneSide did={pair.left} execution={left} open={open} name={pair.key} />
        <OneSide did={pair.right} execution={right} open={open} name={pair.key} />
      </div>
    </li>
  )
}

function OneSide({ did, execution, open, name }: { did: Did | null; execution: string; open: boolean; name: string }) {
  const { t } = useTranslation()
  if (!did) return <p className="text-xs text-muted">{t('runs.notThere')}</p>
  return (
    <div className="grid min-w-0 grid-cols-1 content-start gap-2">
      <StateLine state={stateOf(did.standing)} />
      {open && did.standing.failure && did.standing.is === 'failed' && (
        <p className="text-xs text-danger">{did.standing.failure.message}</p>
      )}
      {open && did.output && <ValueView value={shownOf(did.output, execution)} label={name} />}
    </div>
  )
}
