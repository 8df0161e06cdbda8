import { useNavigate } from '@tanstack/react-router'
import {
  Archive,
  ArchiveRestore,
  Copy,
  Download,
  FolderInput,
  MoreHorizontal,
  Pause,
  PencilRuler,
  Play,
  Trash2,
} from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { activateWorkflow, archiveWorkflow, duplicateWorkflow, workflows } from '#workflows/drafts/contract.ts'
import { useWhy } from '../frame/me.ts'
import { useAct } from '../query.ts'
import { buttonLook } from '../ui/button.ts'
import { Menu, MenuItem, MenuLine } from '../ui/Menu.tsx'
import { say } from '../ui/toasts.ts'
import { archive, turn, unarchive } from './acts.ts'
import { DeleteDialog, MoveDialog } from './Dialogs.tsx'
import { save } from './files.ts'
import type { Item } from './list.ts'
import type { Branch } from './tree.ts'

/** What can be done with one workflow. */
export function RowMenu({ item, tree }: { item: Item; tree: readonly Branch[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [asking, setAsking] = useState<'move' | 'delete'>()
  const mayEdit = useWhy(archiveWorkflow) === undefined
  const mayTurn = useWhy(activateWorkflow) === undefined && item.live !== null && !item.archived
  const copy = useAct(duplicateWorkflow, {
    refresh: [workflows],
    done: made => {
      const open = () => void navigate({ to: '/workflow/$id', params: { id: made.id } })
      say(t('workflows.duplicated', { name: made.name }), 'success', undefined, { label: t('workflows.open'), run: open })
    },
  })
  const trigger = (
    <button
      type="button"
      aria-label={t('workflows.menu', { name: item.name })}
      className={buttonLook({ variant: 'quiet', size: 'tiny' })}
    >
      <MoreHorizontal aria-hidden className="size-4" />
    </button>
  )
  return (
    <>
      <Menu trigger={trigger}>
        <MenuItem
          icon={<PencilRuler aria-hidden />}
          onSelect={() => void navigate({ to: '/workflow/$id', params: { id: item.id } })}
        >
          {t('workflows.open')}
        </MenuItem>
        {mayTurn && (
          <MenuItem
            icon={item.active ? <Pause aria-hidden /> : <Play aria-hidden />}
            onSelect={() => void turn(t, [item], !item.active)}
          >
            {item.active ? t('workflows.deactivate') : t('workflows.activate')}
          </MenuItem>
        )}
        {mayEdit && (
          <>
            <MenuItem
              icon={<Copy aria-hidden />}
              onSelect={() =>
                copy.mutate({ params: { id: item.id }, body: { name: t('workflows.copyOf', { name: item.name.slice(0, 190) }) } })
              }
            >
              {t('workflows.duplicate')}
            </MenuItem>
            <MenuItem icon={<FolderInput aria-hidden />} onSelect={() => setAsking('move')}>
              {t('workflows.move')}
            </MenuItem>
          </>
        )}
        <MenuItem icon={<Download aria-hidden />} onSelect={() => void save(t, [item])}>
          {t('workflows.export')}
        </MenuItem>
        {mayEdit && (
          <>
            <MenuLine />
            {item.archived ? (
              <MenuItem icon={<ArchiveRestore aria-hidden />} onSelect={() => void unarchive(t, [item])}>
                {t('workflows.unarchive')}
              </MenuItem>
            ) : (
              <MenuItem icon={<Archive aria-hidden />} onSelect={() => void archive(t, [item])}>
                {t('workflows.archive')}
              </MenuItem>
            )}
            <MenuItem icon={<Trash2 aria-hidden />} onSelect={() => setAsking('delete')}>
              {t('ui.delete')}
            </MenuItem>
          </>
        )}
      </Menu>
      {asking === 'move' && <MoveDialog items={[item]} tree={tree} onClose={() => setAsking(undefined)} onDone={() => {}} />}
      {asking === 'delete' && <DeleteDialog items={[item]} onClose={() => setAsking(undefined)} onDone={() => {}} />}
    </>
  )
}
