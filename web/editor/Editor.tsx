import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Workflow as Diagram, ListTree, PanelLeft, TriangleAlert } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { block, blocks } from '#workflows/catalogue/contract.ts'
import type { Workflow } from '#workflows/contract.ts'
import { changeWorkflow, validateWorkflow, workflow } from '#workflows/drafts/contract.ts'
import { call } from '../api.ts'
import { placedAtAll } from '../canvas/actions/arrange.ts'
import { Canvas } from '../canvas/Canvas.tsx'
import { makeCatalogue, missing } from '../canvas/catalogue.ts'
import { DraftProvider } from '../canvas/DraftProvider.tsx'
import { makeDraft } from '../canvas/draft.ts'
import type { Drawing } from '../canvas/drawing.ts'
import { place, usualAnchor } from '../canvas/kit.ts'
import { Library } from '../canvas/Library.tsx'
import { Outline } from '../canvas/Outline.tsx'
import { useDraft, useKit } from '../canvas/open.ts'
import { Problems } from '../canvas/Problems.tsx'
import { steerTo } from '../canvas/steer.ts'
import { useWhy } from '../frame/me.ts'
import { Title } from '../frame/Title.tsx'
import { queries, read } from '../query.ts'
import { holdDraft } from '../session.ts'
import { Button } from '../ui/Button.tsx'
import { Segments } from '../ui/Segments.tsx'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'
import { Panel } from './Panel.tsx'
import { Publish } from './Publish.tsx'
import { Start } from './Start.tsx'

/** How long nothing has to change before it is saved, in milliseconds. */
const CALM = 600

type Loaded = z.output<typeof Workflow>

const drawingOf = ({ name, description, nodes, edges, layout, variables, settings }: Loaded): Drawing =>
  placedAtAll({ name, description, nodes, edges, layout, variables, settings })

/** The screen on which a workflow is drawn. */
export function Editor() {
  const { id } = useParams({ from: '/inside/workflow/$id' })
  return <Opened key={id} id={id} />
}

function Opened({ id }: { id: string }) {
  const { data: loaded } = useSuspenseQuery({
    ...read(workflow, { params: { id } }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const { data: known } = useSuspenseQuery({ ...read(blocks), staleTime: Number.POSITIVE_INFINITY })
  const { data: older } = useSuspenseQuery({
    queryKey: [block.path, 'older', id],
    queryFn: () =>
      Promise.all(
        missing(makeCatalogue(known.items), loaded.nodes).map(one =>
          call(block, { params: { block: one.block }, query: { version: one.version } }).catch(() => null),
        ),
      ),
  })
  const catalogue = useMemo(() => makeCatalogue([...known.items, ...older.filter(one => one !== null)]), [known, older])
  const [draft] = useState(() => makeDraft(drawingOf(loaded)))
  const [inspecting, inspect] = useState(false)
  const mode = useWhy(changeWorkflow) === undefined ? 'edit' : 'read'
  return (
    <DraftProvider draft={draft} catalogue={catalogue} mode={mode} onOpen={() => inspect(true)}>
      <Title>{loaded.name}</Title>
      <Desk id={id} rev={loaded.rev} edits={mode === 'edit'} inspecting={inspecting} onClose={() => inspect(false)} />
    </DraftProvider>
  )
}

type DeskProps = { id: string; rev: number; edits: boolean; inspecting: boolean; onClose: () => void }

function Desk({ id, rev, edits, inspecting, onClose }: DeskProps) {
  const { t } = useTranslation()
  const kit = useKit()
  const drawing = useDraft(it => it.drawing)
  const [view, setView] = useState<'canvas' | 'outline'>('canvas')
  const [library, showLibrary] = useState(true)
  const [listing, list] = useState(false)
  const saved = useSave(id, rev, drawing)
  const checked = useQuery({
    queryKey: [validateWorkflow.path, id, saved.rev],
    queryFn: () => call(validateWorkflow, { params: { id }, body: {} }),
    placeholderData: before => before,
  })
  const problems = checked.data?.problems ?? []
  return (
    <div className="flex h-[calc(100dvh-8.5rem)] min-h-96 flex-col sm:h-[calc(100dvh-3.5rem)]">
      <div className="flex min-h-12 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
        {edits && (
          <Button
            size="icon"
            variant="quiet"
            aria-label={t('canvas.library.title')}
            aria-pressed={library}
            onClick={() => showLibrary(!library)}
            className="max-lg:hidden"
          >
            <PanelLeft aria-hidden className="size-4" />
          </Button>
        )}
        <h1 className="min-w-0 flex-1 truncate text-sm" dir="auto">
          {drawing.name}
        </h1>
        <span role="status" className="text-xs text-muted">
          {edits && t(`editor.${saved.is}`)}
        </span>
        <Button
          size="small"
          variant="quiet"
          icon={<TriangleAlert aria-hidden className="size-4" />}
          aria-expanded={listing}
          onClick={() => list(!listing)}
        >
          {t('canvas.problems.count', { count: problems.length })}
        </Button>
        {edits && <Publish id={id} rev={saved.rev} ready={saved.is === 'saved'} problems={problems} />}
        <Start id={id} ready={saved.is === 'saved'} />
        <Segments
          bare
          label={t('editor.view')}
          value={view}
          onChange={setView}
          choices={[
            { value: 'canvas', label: t('canvas.title'), icon: <Diagram aria-hidden /> },
            { value: 'outline', label: t('canvas.outline.title'), icon: <ListTree aria-hidden /> },
          ]}
        />
      </div>
      <div className="relative flex min-h-0 flex-1">
        {edits && library && view === 'canvas' && (
          <aside
            aria-label={t('canvas.library.title')}
            className="flex w-72 shrink-0 flex-col border-r border-line max-lg:hidden"
          >
            <Library
              onPick={one => {
                const made = place(kit, one, one.start === null ? usualAnchor(kit) : { to: 'spot', at: null })
                if (made !== null) steerTo(kit, made)
              }}
            />
          </aside>
        )}
        <div className="min-w-0 flex-1">
          {view === 'canvas' ? <Canvas problems={problems} /> : <Outline problems={problems} />}
        </div>
        {inspecting && <Panel workflowId={id} problems={problems} onClose={onClose} />}
        {listing && (
          <aside
            aria-label={t('canvas.problems.title')}
            className="glass absolute top-3 right-3 z-10 max-h-[60%] w-80 max-w-[calc(100%-1.5rem)] overflow-y-auto rounded-xl border border-line shadow-lift"
          >
            <Problems problems={problems} />
          </aside>
        )}
      </div>
    </div>
  )
}

type Saved = { is: 'saved' | 'saving' | 'unsaved'; rev: number }

/** Keeps the server's draft at what is drawn: after every calm, one call after the other. */
function useSave(id: string, rev: number, drawing: Drawing): Saved {
  const { t } = useTranslation()
  const [saved, setSaved] = useState<Saved>({ is: 'saved', rev })
  const held = useRef({ rev, drawing, busy: false })
  const [turn, again] = useState(0)
  useEffect(() => {
    const state = held.current
    // Counts the calls that are done: what was drawn meanwhile is saved then.
    void turn
    if (state.drawing === drawing || state.busy) return
    holdDraft(state, true)
    setSaved(before => ({ ...before, is: 'saving' }))
    const timer = setTimeout(() => {
      state.busy = true
      const { name, description, nodes, edges, layout, variables, settings } = drawing
      call(changeWorkflow, {
        params: { id },
        body: { rev: state.rev, name, description, nodes, edges, layout, variables, settings },
      })
        .then(reply => {
          Object.assign(state, { rev: reply.rev, drawing })
          holdDraft(state, false)
          setSaved({ is: 'saved', rev: reply.rev })
          queries.setQueryData(read(workflow, { params: { id } }).queryKey, reply)
          again(count => count + 1)
        })
        .catch((error: unknown) => {
          setSaved(before => ({ ...before, is: 'unsaved' }))
          say(tell(error, t), 'danger')
        })
        .finally(() => {
          state.busy = false
        })
    }, CALM)
    return () => clearTimeout(timer)
  }, [drawing, id, t, turn])
  return saved
}
