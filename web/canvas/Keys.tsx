import { onMac, shownKeys } from './shortcuts.ts'

/** Keys as they stand on the keyboard of this machine. */
export function Keys({ keys }: { keys: string }) {
  return (
    <kbd className="flex gap-1 text-[0.6875rem] text-muted">
      {shownKeys(keys, onMac()).map(key => (
        <span key={key} className="min-w-5 rounded border border-line bg-well px-1.5 text-center leading-5">
          {key}
        </span>
      ))}
    </kbd>
  )
}
