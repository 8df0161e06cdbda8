import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { refuses } from './actions/connect.ts'
import type { Board } from './board.ts'
import { nodeOf } from './drawing.ts'
import { iconOf } from './icons.ts'
import { join, nextOutlet } from './kit.ts'
import { calledBy } from './names.ts'
import { useKit } from './open.ts'

/** Connects a node by choosing from lists: the outlet, and what it leads to. */
export function Connect({ from }: { from: NonNullable<Board['connecting']> }) {
  const { t } = useTranslation()
  const kit = useKit()
  const { draft, catalogue, board } = kit
  const { drawing } = draft.getState()
  const node = nodeOf(drawing, from.node)
  const outlets = node ? [...new Set([...(catalogue.outlets(node) ?? ['main']), 'error'])] : []
  const [outlet, setOutlet] = useState<string>(from.outlet ?? nextOutlet(drawing, catalogue, from.node) ?? 'main')
  const close = () => board.setState({ connecting: null })
  if (!node) return null
  const targets = drawing.nodes.filter(
    one => refuses(drawing, { source: node.id, target: one.id, sourceHandle: outlet }, catalogue) === null,
  )
  return (
    <Dialog
      open
      onClose={close}
      title={t('canvas.connect.title', { name: calledBy(node, catalogue.of(node)) })}
      about={t('canvas.connect.about')}
    >
      <Field label={t('canvas.connect.outlet')}>
        {control => (
          <Select
            {...control}
            value={outlet}
            onChange={setOutlet}
            choices={outlets.map(name => ({
              value: name,
              label: name === 'main' ? t('canvas.outlet.main') : name === 'error' ? t('canvas.outlet.error') : name,
            }))}
          />
        )}
      </Field>
      {targets.length === 0 ? (
        <p className="text-muted">{t('canvas.connect.nothing')}</p>
      ) : (
        <ul aria-label={t('canvas.connect.target')} className="-mx-2 grid">
          {targets.map(one => {
            const block = catalogue.of(one)
            const Icon = iconOf(block?.icon)
            return (
              <li key={one.id}>
                <button
                  type="button"
                  onClick={() => {
                    if (join(kit, { source: node.id, target: one.id, sourceHandle: outlet })) close()
                  }}
                  className="flex w-full items-center gap-3 rounded-lg px-2 py-2 text-left hover:bg-hover"
                >
                  <Icon aria-hidden className="size-4 shrink-0 text-muted" />
                  <span className="min-w-0 flex-1 truncate" dir="auto">
                    {calledBy(one, block)}
                  </span>
                  <code className="truncate text-xs text-muted">{one.key}</code>
                </button>
              </li>
            )
          })}
        </ul>
      )}
    </Dialog>
  )
}
