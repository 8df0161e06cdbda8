import { Toast } from '@base-ui/react/toast'
import { CircleAlert, CircleCheck, Info, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { buttonLook } from './button.ts'
import { type Tone, toasts } from './toasts.ts'

const ICONS: Record<Tone, ReactNode> = {
  success: <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />,
  info: <Info aria-hidden className="mt-0.5 size-4 shrink-0 text-info" />,
  danger: <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />,
}

/** Everything below can say things in the corner. */
export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider toastManager={toasts} limit={4}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed inset-x-3 bottom-20 z-60 mx-auto flex max-w-sm flex-col gap-2.5 sm:right-5 sm:bottom-5 sm:left-auto sm:w-96">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function List() {
  const { t } = useTranslation()
  const { toasts: list } = Toast.useToastManager<{ tone: Tone }>()
  return list.map(toast => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={['right', 'down']}
      className="glass border border-line rise rounded-xl shadow-lift data-limited:hidden"
    >
      <Toast.Content className="flex items-start gap-3 py-3 pr-2 pl-4">
        {ICONS[toast.data?.tone ?? 'info']}
        <div className="grid min-w-0 flex-1 gap-0.5 py-px">
          <Toast.Title className="text-sm font-medium" dir="auto" />
          <Toast.Description className="text-[0.8125rem] text-muted" dir="auto" />
        </div>
        {toast.actionProps && <Toast.Action className={buttonLook({ size: 'small' })} />}
        <Toast.Close aria-label={t('ui.close')} className={buttonLook({ variant: 'quiet', size: 'tiny' })}>
          <X aria-hidden className="size-3.5" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
