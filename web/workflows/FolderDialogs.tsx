import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { workflows } from '#workflows/drafts/contract.ts'
import { changeFolder, createFolder, deleteFolder, folders } from '#workflows/folders/contract.ts'
import { call, callWith } from '../api.ts'
import { useDraft } from '../draft.ts'
import { queries, useAct } from '../query.ts'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { Input } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { tell } from '../words/tell.ts'
import { Homes } from './Homes.tsx'
import { type Branch, type Folder, homesFor } from './tree.ts'

const refresh = () => queries.invalidateQueries({ queryKey: [folders.path] })

type Naming = { folder?: Folder; parent?: string | null; onClose: () => void; onDone?: (id: string) => void }

/** Gives a folder its name, a new one or one that is there. */
export function NameFolder({ folder, parent = null, onClose, onDone }: Naming) {
  const { t } = useTranslation()
  const draft = useDraft({
    start: { name: folder?.name ?? '' },
    schema: createFolder.body,
    send: ({ name }) =>
      folder
        ? call(changeFolder, { params: { id: folder.id }, body: { name } })
        : callWith(createFolder, { query: { kind: 'workflows' }, body: { name, parentId: parent } }, {}),
    async done({ id }) {
      await refresh()
      onClose()
      onDone?.(id)
    },
  })
  return (
    <Dialog open onClose={onClose} title={folder ? t('workflows.renameFolder') : t('workflows.newFolder')}>
      <form {...draft.form} className="grid gap-5">
        <Field label={t('workflows.folderName')} error={draft.problem('name')}>
          {control => <Input {...control} {...draft.bind('name')} maxLength={100} autoComplete="off" />}
        </Field>
        {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
        <Actions>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" busy={draft.busy}>
            {folder ? t('ui.save') : t('workflows.createFolder')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  )
}

/** Puts a folder with all it holds somewhere else. */
export function MoveFolder({ folder, tree, onClose }: { folder: Folder; tree: Branch[]; onClose: () => void }) {
  const { t } = useTranslation()
  const [home, setHome] = useState(folder.parentId)
  const act = useAct(changeFolder, { refresh: [folders], quiet: true, done: onClose })
  return (
    <Dialog open onClose={onClose} title={t('workflows.moveTitle', { name: folder.name })}>
      <Homes value={home} tree={homesFor(tree, folder.id)} top={t('workflows.onTop')} onChange={setHome} />
      {act.error && <Notice tone="danger">{tell(act.error, t)}</Notice>}
      <Actions>
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
        <Button
          variant="primary"
          busy={act.isPending}
          why={home === folder.parentId ? t('workflows.thereAlready') : undefined}
          onClick={() => act.mutate({ params: { id: folder.id }, body: { parentId: home } })}
        >
          {t('workflows.moveAct')}
        </Button>
      </Actions>
    </Dialog>
  )
}

/** Takes a folder away; what is in it stays. */
export function DropFolder({ folder, onClose, onDone }: { folder: Folder; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation()
  const act = useAct(deleteFolder, {
    refresh: [folders, workflows],
    quiet: true,
    done: () => {
      onClose()
      onDone()
    },
  })
  return (
    <Confirm
      open
      onClose={onClose}
      title={t('workflows.dropFolder', { name: folder.name })}
      about={t('workflows.dropFolderAbout')}
      act={t('ui.delete')}
      busy={act.isPending}
      problem={act.error ? tell(act.error, t) : undefined}
      onAct={() => act.mutate({ params: { id: folder.id } })}
    />
  )
}
