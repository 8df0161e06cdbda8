import { Toast } from '@base-ui/react/toast'

/** What a toast is about; the icon and how urgently it is read out follow from it. */
export type Tone = 'success' | 'info' | 'danger'

/** The toasts of the whole page. */
export const toasts = Toast.createToastManager<{ tone: Tone }>()

/** What can be done about what was said, such as taking it back. */
export type Deed = { label: string; run: () => void }

/** Says in a corner what has just happened. With something to do about it, it stays a little longer. */
export function say(title: string, tone: Tone = 'success', description?: string, deed?: Deed): void {
  const id: string = toasts.add({
    title,
    ...(description ? { description } : {}),
    ...(deed ? { actionProps: { children: deed.label, onClick: once } } : {}),
    data: { tone },
    type: tone,
    priority: tone === 'danger' ? 'high' : 'low',
    timeout: tone === 'danger' || deed ? 9000 : 5000,
  })
  function once() {
    toasts.close(id)
    deed?.run()
  }
}
