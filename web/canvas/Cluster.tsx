import type { NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { changeGroup } from './actions/group.ts'
import { COLOURS } from './actions/notes.ts'
import { change } from './draft.ts'
import type { FlowNode } from './flow.ts'
import { useKit, useMode } from './open.ts'

/** A group: a title over nodes that belong together. */
export const Cluster = memo(function Cluster({
  id,
  data: { group },
  selected,
}: NodeProps<Extract<FlowNode, { type?: 'group' }>>) {
  const { t } = useTranslation()
  const { draft } = useKit()
  const edits = useMode() === 'edit'
  return (
    <div data-colour={group.color} data-chosen={selected || undefined} className="cluster size-full rounded-2xl">
      <div className="flex h-9 items-center gap-1 px-3">
        {edits ? (
          <input
            value={group.title}
            maxLength={120}
            dir="auto"
            tabIndex={selected ? 0 : -1}
            aria-label={t('canvas.group.title')}
            placeholder={t('canvas.group.title')}
            onChange={event =>
              change(draft, 'group', now => changeGroup(now, id, { title: event.target.value }), { run: `group ${id}` })
            }
            className="nodrag min-w-0 flex-1 truncate bg-transparent text-xs font-semibold outline-none"
          />
        ) : (
          <span className="min-w-0 flex-1 truncate text-xs font-semibold" dir="auto">
            {group.title}
          </span>
        )}
        {edits &&
          selected &&
          COLOURS.map(color => (
            <button
              key={color}
              type="button"
              data-colour={color}
              aria-label={t(`canvas.colour.${color}`)}
              aria-pressed={color === group.color}
              onClick={() => change(draft, 'group', now => changeGroup(now, id, { color }))}
              className="nodrag swatch size-5 rounded"
            />
          ))}
      </div>
    </div>
  )
})
