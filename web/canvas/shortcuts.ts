import { COMMANDS, type Command } from './commands.ts'

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** What is pressed, as the table of commands writes it: `mod+shift+z`. */
export function keysOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string {
  const name = key.toLowerCase()
  // Signs such as ? and + need Shift on some keyboards and not on others.
  const isSign = key.length === 1 && !/[a-z0-9]/.test(name)
  return [ctrlKey || metaKey ? 'mod' : '', altKey ? 'alt' : '', shiftKey && !isSign ? 'shift' : '', name]
    .filter(Boolean)
    .join('+')
}

/** The command that keys mean; null where they mean none. */
export function commandFor(pressed: Pressed, commands: readonly Command[] = COMMANDS): Command | null {
  const keys = keysOf(pressed)
  return commands.find(one => one.keys.includes(keys)) ?? null
}

const SIGNS: Record<string, string> = {
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
  delete: 'Del',
  escape: 'Esc',
  backspace: '⌫',
}

/** Keys as they are printed on the keyboard: Ctrl Shift Z, or ⌘ ⇧ Z. */
export const shownKeys = (keys: string, mac: boolean): string[] =>
  // The plus sign itself is a key too.
  (keys === '+' ? ['+'] : keys.split('+')).map(part => {
    if (part === 'mod') return mac ? '⌘' : 'Ctrl'
    if (part === 'shift') return mac ? '⇧' : 'Shift'
    if (part === 'alt') return mac ? '⌥' : 'Alt'
    return SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part.charAt(0).toUpperCase() + part.slice(1))
  })

/** Does this machine have a ⌘ key? */
export const onMac = (): boolean => /mac|iphone|ipad/i.test(navigator.userAgent)
