import { Toast } from '@base-ui/react/toast'

/** What a toast is about; the icon and how urgently it is read out follow from it. */
export type Tone = 'success' | 'info' | 'danger'

/** The toasts of the whole page. */
export const toasts = Toast.createToastManager<{ tone: Tone }>()

/** Says in a corner what has just happened. */
export function say(title: string, tone: Tone = 'success', description?: string): void {
  toasts.add({
    title,
    ...(description ? { description } : {}),
    data: { tone },
    type: tone,
    priority: tone === 'danger' ? 'high' : 'low',
    timeout: tone === 'danger' ? 9000 : 5000,
  })
}
