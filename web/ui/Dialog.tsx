import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { buttonLook } from './button.ts'
import { classes } from './classes.ts'

type Props = {
  open: boolean
  onClose: () => void
  title: string
  about?: ReactNode
  children: ReactNode
  /** Must be answered: a press outside does not close it. */
  firm?: boolean
  size?: 'small' | 'medium'
  /** What has the focus when it opens; by default what comes first. */
  first?: RefObject<HTMLElement | null>
}

/** A window over the screen; the focus stays inside until it closes. */
export function Dialog({ open, onClose, title, about, children, firm = false, size = 'small', first }: Props) {
  const { t } = useTranslation()
  return (
    <Base.Root open={open} onOpenChange={next => next || onClose()} disablePointerDismissal={firm}>
      <Base.Portal>
        <Base.Backdrop className="fade fixed inset-0 z-40 bg-scrim backdrop-blur-[2px]" />
        <Base.Viewport className="fixed inset-0 z-50 grid place-items-end overflow-y-auto sm:place-items-center sm:p-6">
          <Base.Popup
            {...(first ? { initialFocus: first } : {})}
            className={classes(
              'glass border border-line rise relative flex max-h-[94dvh] w-full flex-col rounded-t-2xl shadow-lift outline-none sm:max-h-[88dvh] sm:rounded-2xl',
              size === 'small' ? 'sm:max-w-md' : 'sm:max-w-xl',
            )}
          >
            <header className="grid gap-1.5 px-6 pt-6 pr-14">
              <Base.Title className="text-lg leading-snug" dir="auto">
                {title}
              </Base.Title>
              {about && <Base.Description className="text-sm text-muted">{about}</Base.Description>}
            </header>
            <div className="grid gap-5 overflow-y-auto px-6 pt-5 pb-6">{children}</div>
            <Base.Close
              aria-label={t('ui.close')}
              className={classes(buttonLook({ variant: 'quiet', size: 'icon' }), 'absolute top-4 right-4')}
            >
              <X aria-hidden className="size-4" />
            </Base.Close>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

/** The row of buttons at the end of a dialog or form. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="flex flex-col-reverse gap-2.5 pt-1 sm:flex-row sm:justify-end">{children}</div>
}
