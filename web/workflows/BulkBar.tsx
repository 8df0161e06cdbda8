import { Archive, ArchiveRestore, Download, FolderInput, Pause, Play, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { activateWorkflow, archiveWorkflow } from '#workflows/drafts/contract.ts'
import { useWhy } from '../frame/me.ts'
import { Button } from '../ui/Button.tsx'
import { archive, turn, unarchive } from './acts.ts'
import { DeleteDialog, MoveDialog } from './Dialogs.tsx'
import { save } from './files.ts'
import type { Item } from './list.ts'
import type { Branch } from './tree.ts'

type Props = { items: readonly Item[]; tree: readonly Branch[]; onDone: () => void }

/** What can be done with all that are chosen. */
export function BulkBar({ items, tree, onDone }: Props) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState<'move' | 'delete'>()
  const whyEdit = useWhy(archiveWorkflow)
  const whyTurn = useWhy(activateWorkflow)
  const away = items.every(item => item.archived)
  const act = (run: () => Promise<void>) => () => {
    onDone()
    void run()
  }
  const common = { size: 'small', variant: 'quiet' } as const
  return (
    <section
      aria-label={t('workflows.chosen', { count: items.length })}
      className="glass appear sticky bottom-20 z-20 mx-auto flex w-fit max-w-full flex-wrap items-center justify-center gap-1 rounded-xl border border-line p-1.5 shadow-lift sm:bottom-5"
    >
      <strong aria-live="polite" className="px-2.5 text-[0.8125rem] font-medium tabular-nums">
        {t('workflows.chosen', { count: items.length })}
      </strong>
      <Button {...common} why={whyEdit} icon={<FolderInput aria-hidden className="size-4" />} onClick={() => setAsking('move')}>
        <Short>{t('workflows.move')}</Short>
      </Button>
      {!away && (
        <>
          <Button
            {...common}
            why={whyTurn}
            icon={<Play aria-hidden className="size-4" />}
            onClick={act(() => turn(t, items, true))}
          >
            <Short>{t('workflows.activate')}</Short>
          </Button>
          <Button
            {...common}
            why={whyTurn}
            icon={<Pause aria-hidden className="size-4" />}
            onClick={act(() => turn(t, items, false))}
          >
            <Short>{t('workflows.deactivate')}</Short>
          </Button>
        </>
      )}
      <Button {...common} icon={<Download aria-hidden className="size-4" />} onClick={() => void save(t, items)}>
        <Short>{t('workflows.export')}</Short>
      </Button>
      {away ? (
        <Button
          {...common}
          why={whyEdit}
          icon={<ArchiveRestore aria-hidden className="size-4" />}
          onClick={act(() => unarchive(t, items))}
        >
          <Short>{t('workflows.unarchive')}</Short>
        </Button>
      ) : (
        <Button
          {...common}
          why={whyEdit}
          icon={<Archive aria-hidden className="size-4" />}
          onClick={act(() => archive(t, items))}
        >
          <Short>{t('workflows.archive')}</Short>
        </Button>
      )}
      <Button {...common} why={whyEdit} icon={<Trash2 aria-hidden className="size-4" />} onClick={() => setAsking('delete')}>
        <Short>{t('ui.delete')}</Short>
      </Button>
      <Button variant="quiet" size="tiny" aria-label={t('workflows.letGo')} onClick={onDone}>
        <X aria-hidden className="size-4" />
      </Button>
      {asking === 'move' && <MoveDialog items={items} tree={tree} onClose={() => setAsking(undefined)} onDone={onDone} />}
      {asking === 'delete' && <DeleteDialog items={items} onClose={() => setAsking(undefined)} onDone={onDone} />}
    </section>
  )
}

/** Words that are only read out where there is no room. */
function Short({ children }: { children: string }) {
  return <span className="max-sm:sr-only">{children}</span>
}
