import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { CornerDownLeft, Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type Action, useActions } from './actions.tsx'

/** Every screen and action, found by typing. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const groups = useActions()
  const run = (action: Action) => {
    onClose()
    action.run()
  }
  return (
    <Dialog.Root open={open} onOpenChange={next => next || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fade fixed inset-0 z-40 bg-scrim" />
        <Dialog.Viewport className="fixed inset-0 z-50 flex items-start justify-center p-3 pt-[10dvh]">
          <Dialog.Popup
            aria-label={t('palette.title')}
            className="glass border border-line rise flex max-h-[70dvh] w-full max-w-xl flex-col overflow-hidden rounded-2xl shadow-lift outline-none"
          >
            <Autocomplete.Root
              open
              inline
              items={groups}
              itemToStringValue={action => `${action.label} ${action.also ?? ''}`}
              autoHighlight="always"
              keepHighlight
            >
              <div className="flex items-center gap-3 border-b border-line px-4">
                <Search aria-hidden className="size-4 shrink-0 text-muted" />
                <Autocomplete.Input
                  aria-label={t('palette.title')}
                  placeholder={t('palette.placeholder')}
                  className="h-13 w-full bg-transparent text-[0.9375rem] outline-none"
                />
                <kbd aria-hidden className="rounded-md border border-line px-1.5 text-[0.6875rem] leading-5 text-muted">
                  Esc
                </kbd>
              </div>
              <Dialog.Close className="sr-only">{t('ui.close')}</Dialog.Close>
              <Autocomplete.Empty className="px-5 py-10 text-center text-muted empty:p-0">
                {t('palette.nothing')}
              </Autocomplete.Empty>
              <Autocomplete.List className="overflow-y-auto overscroll-contain p-2 empty:p-0">
                {(group: { value: string; items: Action[] }) => (
                  <Autocomplete.Group key={group.value} items={group.items} className="pb-1.5">
                    <Autocomplete.GroupLabel className="px-2.5 pt-2 pb-1 text-xs font-medium text-muted">
                      {group.value}
                    </Autocomplete.GroupLabel>
                    <Autocomplete.Collection>
                      {(action: Action) => (
                        <Autocomplete.Item
                          key={action.label}
                          value={action}
                          onClick={() => run(action)}
                          className="group flex h-10 items-center gap-3 rounded-lg px-2.5 outline-none select-none data-highlighted:bg-hover [&_svg]:size-4"
                        >
                          <span className="text-muted">{action.icon}</span>
                          <span className="min-w-0 flex-1 truncate" dir="auto">
                            {action.label}
                          </span>
                          <CornerDownLeft aria-hidden className="text-muted opacity-0 group-data-highlighted:opacity-100" />
                        </Autocomplete.Item>
                      )}
                    </Autocomplete.Collection>
                  </Autocomplete.Group>
                )}
              </Autocomplete.List>
            </Autocomplete.Root>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
