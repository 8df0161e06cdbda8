import { Undo2 } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { Connect } from './Connect.tsx'
import { undo } from './draft.ts'
import { Find } from './Find.tsx'
import { Help } from './Help.tsx'
import { useBoard, useKit } from './open.ts'
import { Picker } from './Picker.tsx'
import { Rename } from './Rename.tsx'

/** How long the offer to close a row stands, in milliseconds. */
const OFFERED = 9_000

/** What opens over the canvas and the outline. */
export function Overlays() {
  const { picking, connecting, renaming, finding, helping } = useBoard(board => board)
  return (
    <>
      {picking && <Picker anchor={picking} />}
      {connecting && <Connect from={connecting} />}
      {renaming !== null && <Rename id={renaming} />}
      {finding && <Find />}
      {helping && <Help />}
      <Offer />
    </>
  )
}

/** After nodes were taken out of a row: close it, or have them back. */
function Offer() {
  const { t } = useTranslation()
  const { board, draft } = useKit()
  const offer = useBoard(it => it.offer)
  useEffect(() => {
    if (!offer) return
    const timer = setTimeout(() => board.setState({ offer: null }), OFFERED)
    return () => clearTimeout(timer)
  }, [offer, board])
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-24 z-30 flex justify-center px-4 sm:bottom-8">
      {offer && (
        <div className="glass appear pointer-events-auto flex flex-wrap items-center justify-center gap-2 rounded-xl border border-line py-2 pr-2 pl-4 shadow-lift">
          <span className="pr-2">{t('canvas.deleted', { count: offer.count })}</span>
          <Button size="small" onClick={offer.close}>
            {t('canvas.closeRow')}
          </Button>
          <Button
            size="small"
            variant="quiet"
            icon={<Undo2 aria-hidden className="size-4" />}
            onClick={() => {
              undo(draft)
              board.setState({ offer: null })
            }}
          >
            {t('canvas.do.undo')}
          </Button>
        </div>
      )}
    </div>
  )
}
