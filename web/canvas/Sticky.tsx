import { type NodeProps, NodeResizer } from '@xyflow/react'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { COLOURS, changeNote } from './actions/notes.ts'
import { change } from './draft.ts'
import type { FlowNode } from './flow.ts'
import { useKit, useMode } from './open.ts'

/** A sticky note: text on the canvas, changed where it stands. */
export const Sticky = memo(function Sticky({ id, data: { note }, selected }: NodeProps<Extract<FlowNode, { type?: 'note' }>>) {
  const { t } = useTranslation()
  const { draft } = useKit()
  const edits = useMode() === 'edit'
  const [writing, write] = useState(note.text === '' && selected)
  const set = (to: Parameters<typeof changeNote>[2], run?: string) =>
    change(draft, 'note', now => changeNote(now, id, to), run === undefined ? {} : { run })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: by keys a note is changed with Enter in its field, which can be reached by Tab.
    <div
      data-colour={note.color}
      data-chosen={selected || undefined}
      onDoubleClick={() => edits && write(true)}
      className="sticky-note relative flex size-full flex-col rounded-lg"
    >
      {edits && (
        <NodeResizer
          isVisible={selected}
          minWidth={120}
          minHeight={80}
          lineClassName="resize-line"
          handleClassName="resize-knob"
        />
      )}
      {edits && (writing || selected) ? (
        <textarea
          // biome-ignore lint/a11y/noAutofocus: it was just stuck there to be written on.
          autoFocus={writing}
          aria-label={t('canvas.note.title')}
          placeholder={t('canvas.note.empty')}
          value={note.text}
          maxLength={10_000}
          onChange={event => set({ text: event.target.value }, `note ${id}`)}
          onBlur={() => write(false)}
          onKeyDown={event => event.key === 'Escape' && event.currentTarget.blur()}
          dir="auto"
          className="nodrag nowheel size-full resize-none bg-transparent p-3 text-[0.8125rem] leading-5 outline-none"
        />
      ) : (
        <div dir="auto" className="size-full overflow-hidden p-3 text-[0.8125rem] leading-5 whitespace-pre-wrap">
          {note.text || <span className="opacity-70">{t('canvas.note.empty')}</span>}
        </div>
      )}
      {edits && selected && (
        <div className="nodrag absolute -top-9 left-0 flex gap-1 rounded-lg border border-line bg-ground p-1">
          {COLOURS.map(color => (
            <button
              key={color}
              type="button"
              data-colour={color}
              aria-label={t(`canvas.colour.${color}`)}
              aria-pressed={color === note.color}
              onClick={() => set({ color })}
              className="swatch size-6 rounded-md"
            />
          ))}
        </div>
      )}
    </div>
  )
})
