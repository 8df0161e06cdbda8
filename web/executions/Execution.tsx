import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execution, executionWorkflow } from '#executions/contract.ts'
import { placedAtAll } from '../canvas/actions/arrange.ts'
import { DraftProvider } from '../canvas/DraftProvider.tsx'
import { makeDraft } from '../canvas/draft.ts'
import { Title } from '../frame/Title.tsx'
import { queries, read } from '../query.ts'
import { Compare } from './Compare.tsx'
import { Desk } from './Desk.tsx'
import { useDrawn, useWatch } from './useWatch.ts'

const route = getRouteApi('/inside/execution/$id')

/** An execution: what ran, what is running, and everything that came of it. */
export function Execution() {
  const { id } = route.useParams()
  const { with: other } = route.useSearch()
  return other ? <Compare key={`${id} ${other}`} left={id} right={other} /> : <Opened key={id} id={id} />
}

function Opened({ id }: { id: string }) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(read(execution, { params: { id } }))
  const { drawing, catalogue } = useDrawn(id)
  const [times, setTimes] = useState(0)
  const sight = useWatch(id, drawing, catalogue, times)
  const draft = useMemo(() => makeDraft(placedAtAll(drawing)), [drawing])
  const { over } = sight
  // What the server sums up at the end is read when the end is there.
  useEffect(() => {
    if (over) void queries.invalidateQueries({ queryKey: read(execution, { params: { id } }).queryKey })
  }, [over, id])
  const goOn = async () => {
    // It may go on with another version.
    await queries.invalidateQueries({ queryKey: read(executionWorkflow, { params: { id } }).queryKey })
    setTimes(count => count + 1)
  }
  return (
    <DraftProvider draft={draft} catalogue={catalogue} mode="read">
      <Title>{t('runs.titleOf', { name: drawing.name })}</Title>
      <Desk execution={data} drawing={drawing} catalogue={catalogue} sight={sight} onGoOn={() => void goOn()} />
    </DraftProvider>
  )
}
