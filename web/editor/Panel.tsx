import { useQuery } from '@tanstack/react-query'
import { Unplug } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '#engine/check.ts'
import { execution, executions } from '#executions/contract.ts'
import { change } from '../canvas/draft.ts'
import { iconOf } from '../canvas/icons.ts'
import { useCatalogue, useDraft, useKit, useMode } from '../canvas/open.ts'
import { focusNode } from '../canvas/steer.ts'
import { Inspector } from '../forms/Inspector.tsx'
import { read } from '../query.ts'
import { changed } from './change.ts'
import { reachOf, type Seen } from './reach.ts'

const NOTHING: Seen = { results: {} }

/** What was seen in the last execution of a workflow. */
function useSeen(workflowId: string): { seen: Seen; at: string | null } {
  const { data: list } = useQuery(read(executions, { query: { workflowId, limit: 1 } }))
  const id = list?.items[0]?.id
  const { data } = useQuery({ ...read(execution, { params: { id: id ?? '' } }), enabled: id !== undefined })
  const seen = useMemo(() => (data ? { input: data.input, results: data.results } : NOTHING), [data])
  return { seen, at: data?.createdAt ?? null }
}

type Props = { workflowId: string; problems: readonly Problem[]; onClose: () => void }

/** The inspector of the node that is selected, beside the drawing. */
export function Panel({ workflowId, problems, onClose }: Props) {
  const { t } = useTranslation()
  const kit = useKit()
  const catalogue = useCatalogue()
  const disabled = useMode() === 'read'
  const drawing = useDraft(draft => draft.drawing)
  const selected = useDraft(draft => draft.selected)
  const { seen, at } = useSeen(workflowId)
  const chosen = drawing.nodes.filter(node => selected.has(node.id))
  const node = chosen.length === 1 ? chosen[0] : undefined
  const id = node?.id
  const reach = useMemo(() => (id === undefined ? [] : reachOf(drawing, catalogue, id, seen)), [drawing, catalogue, id, seen])
  if (!node) return null
  const block = catalogue.of(node)
  const parent = drawing.nodes.find(one => one.id === node.parent)
  const Icon = block ? iconOf(block.icon) : Unplug
  const output = block?.start ? seen.input : seen.results[node.key]
  return (
    <aside
      aria-label={t('inspector.panel')}
      className="glass absolute inset-0 z-20 flex min-w-0 flex-col border-l border-line sm:left-auto sm:w-104 lg:static lg:shrink-0"
    >
      <Inspector
        key={node.id}
        node={node}
        block={block}
        icon={<Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-muted" />}
        reach={reach}
        problems={problems.filter(one => one.node === node.id)}
        last={at !== null && output !== undefined ? { at, output } : undefined}
        onChange={next => change(kit.draft, 'edit', now => changed(now, next, catalogue), { run: `edit ${node.id}` })}
        onClose={() => {
          onClose()
          focusNode(node.id)
        }}
        disabled={disabled}
        taken={drawing.nodes.filter(one => one.id !== node.id).map(one => one.key)}
        tool={parent !== undefined && catalogue.of(parent)?.loop === 'calls'}
        joins={drawing.edges.filter(edge => edge.target === node.id).length > 1}
        timezone={drawing.settings.timezone}
      />
    </aside>
  )
}
