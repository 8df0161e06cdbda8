import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { execution } from '#executions/contract.ts'
import type { Reply } from '#http/contract.ts'
import { Canvas } from '../canvas/Canvas.tsx'
import type { Catalogue } from '../canvas/catalogue.ts'
import { choose } from '../canvas/draft.ts'
import type { Drawing } from '../canvas/drawing.ts'
import { show } from '../canvas/kit.ts'
import { useDraft, useKit } from '../canvas/open.ts'
import { classes } from '../ui/classes.ts'
import { Asked } from './Asked.tsx'
import { NodePanel } from './NodePanel.tsx'
import { phaseOf } from './phase.ts'
import { RunHead } from './RunHead.tsx'
import { Scrubber } from './Scrubber.tsx'
import { Steps } from './Steps.tsx'
import { statesOf } from './states.ts'
import { Whole } from './Whole.tsx'
import { type Sight, sightAt } from './watch.ts'

type Props = {
  execution: Reply<typeof execution>
  drawing: Drawing
  catalogue: Catalogue
  sight: Sight
  onGoOn: () => void
}

const route = getRouteApi('/inside/execution/$id')

/** The view of an execution: the drawing, the steps, a moment of it, and one node in full. */
export function Desk({ execution, drawing, catalogue, sight, onGoOn }: Props) {
  const { t } = useTranslation()
  const { node: wanted } = route.useSearch()
  const navigate = route.useNavigate()
  const kit = useKit()
  const selected = useDraft(it => it.selected)
  // Null follows what happens.
  const [moment, setMoment] = useState<number | null>(null)
  const { events } = sight
  const count = Math.min(moment ?? events.length, events.length)
  const past = useMemo(
    () => (moment === null ? null : sightAt(events, count, drawing, catalogue)),
    [moment, events, count, drawing, catalogue],
  )
  const pastStates = useMemo(() => past && statesOf(past), [past])
  const standings = past ?? sight.standings
  const shown = useMemo(() => (moment === null ? events : events.slice(0, count)), [moment, events, count])
  const status = phaseOf(events, sight.standings)
  const [one] = selected.size === 1 ? selected : []
  const node = drawing.nodes.find(({ id }) => id === one)

  // The address names the node, so that a link leads to it; what is chosen here is written there.
  const linked = useRef(wanted)
  useEffect(() => {
    const found = drawing.nodes.find(({ key }) => key === linked.current)
    linked.current = undefined
    if (found) show(kit, found.id)
  }, [kit, drawing])
  useEffect(() => {
    const { selected: chosen } = kit.draft.getState()
    const key = drawing.nodes.find(({ id }) => chosen.size === 1 && chosen.has(id))?.key
    if (selected === chosen && key !== wanted) void navigate({ search: before => ({ ...before, node: key }), replace: true })
  }, [kit, drawing, selected, wanted, navigate])

  return (
    <div className="flex min-h-[calc(100dvh-8.5rem)] flex-col lg:h-[calc(100dvh-3.5rem)]">
      <RunHead execution={execution} drawing={drawing} sight={sight} status={status} onGoOn={onGoOn} />
      {status === 'paused' && <Asked execution={execution.id} />}
      <Scrubber events={events} moment={moment} onMoment={setMoment} over={sight.over} line={sight.line} />
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <aside
          aria-label={t('runs.steps')}
          className="order-2 shrink-0 overflow-y-auto border-line max-lg:border-t lg:order-1 lg:w-72 lg:border-r"
        >
          <Steps
            drawing={drawing}
            catalogue={catalogue}
            standings={standings}
            chosen={node?.id ?? null}
            onChoose={id => show(kit, id)}
          />
        </aside>
        <div className="order-1 h-72 min-w-0 shrink-0 lg:order-2 lg:h-auto lg:flex-1 lg:shrink">
          <Canvas states={pastStates ?? sight.states} />
        </div>
        <aside
          aria-label={node ? t('runs.nodePanel') : t('runs.wholePanel')}
          className={classes('order-3 min-w-0 shrink-0 overflow-y-auto border-line max-lg:border-t lg:w-[26rem] lg:border-l')}
        >
          {node ? (
            <NodePanel
              key={node.id}
              execution={execution.id}
              node={node}
              block={catalogue.of(node)}
              standing={standings.get(node.id) ?? null}
              events={shown}
              onClose={() => choose(kit.draft, [])}
            />
          ) : (
            <Whole execution={execution} events={shown} status={status} />
          )}
        </aside>
      </div>
    </div>
  )
}
