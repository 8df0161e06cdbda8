import { Dialog } from '@base-ui/react/dialog'
import { useTranslation } from 'react-i18next'
import type { Anchor } from './board.ts'
import type { Block } from './catalogue.ts'
import { place } from './kit.ts'
import { Library } from './Library.tsx'
import { useKit } from './open.ts'
import { focusNode } from './steer.ts'

/** The library over the canvas: what is chosen goes where one wanted it. */
export function Picker({ anchor }: { anchor: Anchor }) {
  const { t } = useTranslation()
  const kit = useKit()
  const close = () => kit.board.setState({ picking: null })
  const pick = (block: Block) => {
    close()
    const id = place(kit, block, anchor)
    if (id !== null) focusNode(id)
  }
  return (
    <Dialog.Root open onOpenChange={next => next || close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fade fixed inset-0 z-40 bg-scrim" />
        <Dialog.Viewport className="fixed inset-0 z-50 flex items-start justify-center p-3 pt-[9dvh]">
          <Dialog.Popup
            aria-label={t('canvas.library.add')}
            className="glass rise flex h-[70dvh] w-full max-w-md flex-col overflow-hidden rounded-2xl border border-line shadow-lift outline-none"
          >
            <Library eager onPick={pick} without={anchor.to === 'spot' && anchor.parent === undefined ? undefined : 'start'} />
            <Dialog.Close className="sr-only">{t('ui.close')}</Dialog.Close>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
