import { Ellipsis, Maximize, Plus, Redo2, Search, Sparkles, Undo2, ZoomIn, ZoomOut } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { buttonLook } from '../ui/button.ts'
import { Menu } from '../ui/Menu.tsx'
import { Tip } from '../ui/Tip.tsx'
import type { CommandId } from './commands.ts'
import { Items } from './Items.tsx'
import { useCommands, useDraft, useKit, useMode } from './open.ts'
import { onMac, shownKeys } from './shortcuts.ts'

/** The bar below the drawing: what one does all the time, and everything else in a menu. */
export function Tools() {
  const { t } = useTranslation()
  const edits = useMode() === 'edit'
  const { board } = useKit()
  return (
    <div
      role="toolbar"
      aria-label={t('canvas.tools')}
      className="glass absolute bottom-4 left-4 z-10 flex items-center gap-0.5 rounded-xl border border-line p-1 shadow-lift max-sm:right-4 max-sm:justify-between"
    >
      {edits && (
        <Button
          size="small"
          variant="plain"
          icon={<Plus aria-hidden className="size-4" />}
          aria-keyshortcuts="a"
          onClick={() => board.setState({ picking: { to: 'spot', at: null } })}
        >
          {t('canvas.do.add')}
        </Button>
      )}
      {edits && <Tool id="undo" icon={<Undo2 aria-hidden />} />}
      {edits && <Tool id="redo" icon={<Redo2 aria-hidden />} />}
      <span aria-hidden className="mx-1 h-5 w-px bg-line max-sm:hidden" />
      <Tool id="zoomOut" icon={<ZoomOut aria-hidden />} wide />
      <Tool id="zoomIn" icon={<ZoomIn aria-hidden />} wide />
      <Tool id="fit" icon={<Maximize aria-hidden />} />
      {edits && <Tool id="tidy" icon={<Sparkles aria-hidden />} wide />}
      <Tool id="find" icon={<Search aria-hidden />} />
      <Menu
        align="start"
        trigger={
          <button type="button" aria-label={t('ui.actions')} className={buttonLook({ variant: 'quiet', size: 'tiny' })}>
            <Ellipsis aria-hidden className="size-4" />
          </button>
        }
      >
        <Items />
      </Menu>
    </div>
  )
}

function Tool({ id, icon, wide = false }: { id: CommandId; icon: ReactNode; wide?: boolean }) {
  const { t } = useTranslation()
  const kit = useKit()
  const command = useCommands().find(one => one.id === id)
  const can = useDraft(() => command?.can?.(kit) ?? true)
  if (!command) return null
  const [keys] = command.keys
  const hint = keys === undefined ? '' : ` (${shownKeys(keys, onMac()).join(' ')})`
  return (
    <Tip text={t(`canvas.do.${id}`) + hint}>
      <button
        type="button"
        aria-label={t(`canvas.do.${id}`)}
        aria-disabled={!can || undefined}
        onClick={() => can && command.run(kit)}
        className={buttonLook({
          variant: 'quiet',
          size: 'tiny',
          className: wide ? 'max-sm:hidden [&_svg]:size-4' : '[&_svg]:size-4',
        })}
      >
        {icon}
      </button>
    </Tip>
  )
}
