import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { move, remove } from './acts.ts'
import { Homes } from './Homes.tsx'
import type { Item } from './list.ts'
import type { Branch } from './tree.ts'

type Props = { items: readonly Item[]; onClose: () => void; onDone: () => void }

/** Asks into which folder workflows go. */
export function MoveDialog({ items, tree, onClose, onDone }: Props & { tree: readonly Branch[] }) {
  const { t } = useTranslation()
  const [first] = items
  const all = first && items.every(item => item.folderId === first.folderId) ? first.folderId : undefined
  const [home, setHome] = useState<string | null | undefined>(all)
  const why = home === undefined ? t('workflows.chooseFolder') : home === all ? t('workflows.thereAlready') : undefined
  const go = () => {
    onClose()
    onDone()
    if (home !== undefined) void move(t, items, home)
  }
  const title =
    items.length === 1 && first
      ? t('workflows.moveTitle', { name: first.name })
      : t('workflows.moveMany', { count: items.length })
  return (
    <Dialog open onClose={onClose} title={title}>
      <Homes value={home} tree={tree} top={t('workflows.inNone')} onChange={setHome} />
      <Actions>
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
        <Button variant="primary" why={why} onClick={go}>
          {t('workflows.moveAct')}
        </Button>
      </Actions>
    </Dialog>
  )
}

/** So many are named. */
const NAMED = 6

/** Asks before workflows are deleted, and names them. What is live, or many, has to be typed. */
export function DeleteDialog({ items, onClose, onDone }: Props) {
  const { t } = useTranslation()
  const [first] = items
  if (!first) return null
  const many = items.length > 1
  const type = many
    ? { label: t('workflows.typeCount', { count: items.length }), text: String(items.length) }
    : { label: t('workflows.typeName', { name: first.name }), text: first.name }
  return (
    <Confirm
      open
      onClose={onClose}
      title={many ? t('workflows.deleteMany', { count: items.length }) : t('workflows.deleteOne', { name: first.name })}
      about={t('workflows.deleteAbout')}
      act={t('ui.delete')}
      {...(many || first.live !== null ? { type } : {})}
      onAct={() => {
        onClose()
        onDone()
        void remove(t, items)
      }}
    >
      {many && (
        <ul className="grid list-disc gap-1 pl-5">
          {items.slice(0, NAMED).map(({ id, name }) => (
            <li key={id}>
              <bdi className="line-clamp-1">{name}</bdi>
            </li>
          ))}
          {items.length > NAMED && <li className="text-muted">{t('workflows.andMore', { count: items.length - NAMED })}</li>}
        </ul>
      )}
    </Confirm>
  )
}
