import { Link } from '@tanstack/react-router'
import { CornerDownRight, Folder as FolderIcon, FolderPlus, Inbox, Layers, MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createFolder } from '#workflows/folders/contract.ts'
import { useWhy } from '../frame/me.ts'
import { Button } from '../ui/Button.tsx'
import { buttonLook } from '../ui/button.ts'
import { classes } from '../ui/classes.ts'
import { Menu, MenuItem, MenuLine } from '../ui/Menu.tsx'
import { Select } from '../ui/Select.tsx'
import { DropFolder, MoveFolder, NameFolder } from './FolderDialogs.tsx'
import type { Branch, Folder } from './tree.ts'
import type { Change, View } from './view.ts'

type Props = { tree: Branch[]; view: View; onView: (change: Change) => void }
type Doing = { what: 'new'; in: string | null } | { what: 'rename' | 'move' | 'delete'; folder: Folder }

const ENTRY =
  'flex h-9 min-w-0 flex-1 items-center gap-2.5 rounded-lg px-2.5 text-[0.8125rem] font-medium text-muted transition-colors hover:bg-hover hover:text-text [&_svg]:size-4 [&_svg]:shrink-0'

/** The folders of the workflows: a tree beside the list, a choice above it where there is no room. */
export function Folders({ tree, view, onView }: Props) {
  const { t } = useTranslation()
  const [doing, setDoing] = useState<Doing>()
  const why = useWhy(createFolder)
  const here = view.folder ?? ''
  const places = [
    { value: '', label: t('workflows.everywhere') },
    ...tree.map(({ folder, depth }) => ({ value: folder.id, label: `${'\u2003'.repeat(depth)}${folder.name}` })),
    ...(tree.length > 0 ? [{ value: 'none', label: t('workflows.inNone') }] : []),
  ]
  const close = () => setDoing(undefined)
  const add = (
    <Button
      size="tiny"
      variant="quiet"
      why={why}
      aria-label={t('workflows.newFolder')}
      onClick={() => setDoing({ what: 'new', in: tree.some(({ folder }) => folder.id === here) ? here : null })}
    >
      <FolderPlus aria-hidden className="size-4" />
    </Button>
  )
  return (
    <>
      <div className="flex items-center gap-2 lg:hidden">
        <Select
          label={t('workflows.folder')}
          value={places.some(({ value }) => value === here) ? here : ''}
          choices={places}
          onChange={folder => onView({ folder: folder || undefined })}
        />
        {add}
      </div>
      <nav
        aria-label={t('workflows.folders')}
        className="sticky top-20 hidden max-h-[calc(100dvh-6rem)] gap-0.5 self-start overflow-y-auto lg:grid"
      >
        <div className="flex items-center justify-between pb-1 pl-2.5">
          <h2 className="text-xs font-medium text-muted">{t('workflows.folders')}</h2>
          {add}
        </div>
        <Place id="" here={here} view={view} icon={<Layers aria-hidden />} name={t('workflows.everywhere')} />
        {tree.map(({ folder, depth }) => (
          <div key={folder.id} className="group flex items-center" style={{ paddingInlineStart: `${depth * 0.875}rem` }}>
            <Place id={folder.id} here={here} view={view} icon={<FolderIcon aria-hidden />} name={folder.name} />
            {!why && <Deeds folder={folder} onDo={setDoing} />}
          </div>
        ))}
        {tree.length > 0 && <Place id="none" here={here} view={view} icon={<Inbox aria-hidden />} name={t('workflows.inNone')} />}
      </nav>
      {doing?.what === 'new' && <NameFolder parent={doing.in} onClose={close} onDone={id => onView({ folder: id })} />}
      {doing?.what === 'rename' && <NameFolder folder={doing.folder} onClose={close} />}
      {doing?.what === 'move' && <MoveFolder folder={doing.folder} tree={tree} onClose={close} />}
      {doing?.what === 'delete' && (
        <DropFolder
          folder={doing.folder}
          onClose={close}
          onDone={() => {
            if (here === doing.folder.id) onView({ folder: doing.folder.parentId ?? undefined })
          }}
        />
      )}
    </>
  )
}

type PlaceProps = { id: string; here: string; view: View; icon: React.ReactNode; name: string }

function Place({ id, here, view, icon, name }: PlaceProps) {
  const { folder: _folder, open: _open, ...rest } = view
  return (
    <Link
      to="/workflows"
      search={{ ...rest, ...(id ? { folder: id } : {}) }}
      aria-current={id === here ? 'page' : undefined}
      activeOptions={{ exact: true, includeSearch: true }}
      className={classes(ENTRY, id === here && 'bg-hover text-text')}
    >
      {icon}
      <bdi className="truncate" title={name}>
        {name}
      </bdi>
    </Link>
  )
}

function Deeds({ folder, onDo }: { folder: Folder; onDo: (doing: Doing) => void }) {
  const { t } = useTranslation()
  const trigger = (
    <button
      type="button"
      aria-label={t('workflows.folderMenu', { name: folder.name })}
      className={classes(
        buttonLook({ variant: 'quiet', size: 'tiny' }),
        'opacity-0 group-hover:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100 pointer-coarse:opacity-100',
      )}
    >
      <MoreHorizontal aria-hidden className="size-4" />
    </button>
  )
  return (
    <Menu trigger={trigger}>
      <MenuItem icon={<FolderPlus aria-hidden />} onSelect={() => onDo({ what: 'new', in: folder.id })}>
        {t('workflows.newInside')}
      </MenuItem>
      <MenuItem icon={<Pencil aria-hidden />} onSelect={() => onDo({ what: 'rename', folder })}>
        {t('workflows.rename')}
      </MenuItem>
      <MenuItem icon={<CornerDownRight aria-hidden />} onSelect={() => onDo({ what: 'move', folder })}>
        {t('workflows.move')}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Trash2 aria-hidden />} onSelect={() => onDo({ what: 'delete', folder })}>
        {t('ui.delete')}
      </MenuItem>
    </Menu>
  )
}
