import { keep, recall } from './keep.ts'
import { signal } from './signal.ts'

/** The looks a reader can choose; `system` follows the machine. */
export const THEMES = ['dark', 'light', 'system'] as const

/** A look a reader can choose. */
export type Theme = (typeof THEMES)[number]

/** Pages for people without an account follow the machine, until a look is chosen. */
const usual = /^\/(form|chat)\//.test(location.pathname) ? 'system' : 'dark'

/** The look that was chosen; `theme.js` has applied it before the first paint. */
export const theme = signal<Theme>(THEMES.find(one => one === recall('theme')) ?? usual)

const lightMachine = () => matchMedia('(prefers-color-scheme: light)')

/** Chooses a look and remembers it. */
export function chooseTheme(next: Theme): void {
  keep('theme', next)
  theme.set(next)
  apply()
}

/** Follows the machine while the look says so. */
export function startTheme(): void {
  lightMachine().addEventListener('change', apply)
}

function apply(): void {
  const chosen = theme.get()
  document.documentElement.dataset.theme = chosen === 'system' ? (lightMachine().matches ? 'light' : 'dark') : chosen
}
