import { useEffect } from 'react'
import { copied, pasteText } from './clipboard.ts'
import type { Command } from './commands.ts'
import { takeAway } from './deeds.ts'
import type { Kit } from './kit.ts'
import { commandFor } from './shortcuts.ts'

/** Is the focus where keys are meant for the drawing: on the canvas, on the page as a whole, or on what chooses between views? */
function isMeant(event: Event): boolean {
  const { target } = event
  if (event.defaultPrevented || !(target instanceof Element)) return false
  // What chooses takes arrows and the space for itself, and no letters.
  if (target.matches('input[type="radio"], [role="radio"]'))
    return event instanceof KeyboardEvent && event.key.length === 1 && event.key !== ' '
  if (target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]')) return false
  return target === document.body || target.matches('main') || target.closest('[data-canvas]') !== null
}

/** Listens to keys and to the clipboard for the drawing. */
export function useKeys(kit: Kit, mode: 'edit' | 'read', commands: readonly Command[]): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const command = commandFor(event, commands)
      if (!command || command.byBrowser || !isMeant(event)) return
      // A button that has the focus takes Enter for itself.
      const onButton = event.target instanceof Element && event.target.closest('button, a, summary') !== null
      if (onButton && (event.key === 'Enter' || event.key === ' ')) return
      event.preventDefault()
      if (command.can?.(kit) ?? true) command.run(kit)
    }
    const copy = (event: ClipboardEvent) => {
      if (!isMeant(event) || (getSelection()?.toString() ?? '') !== '') return
      const text = copied(kit)
      if (text === null) return
      event.clipboardData?.setData('text/plain', text)
      event.preventDefault()
      if (event.type === 'cut' && mode === 'edit') takeAway(kit, false)
    }
    const paste = (event: ClipboardEvent) => {
      if (mode === 'edit' && isMeant(event) && pasteText(kit, event.clipboardData?.getData('text/plain') ?? ''))
        event.preventDefault()
    }
    addEventListener('keydown', press)
    document.addEventListener('copy', copy)
    document.addEventListener('cut', copy)
    document.addEventListener('paste', paste)
    return () => {
      removeEventListener('keydown', press)
      document.removeEventListener('copy', copy)
      document.removeEventListener('cut', copy)
      document.removeEventListener('paste', paste)
    }
  }, [kit, mode, commands])
}
