import { Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { signInAgain } from '../session.ts'
import { classes } from '../ui/classes.ts'
import { Bar } from './Bar.tsx'
import { Header } from './Header.tsx'
import { useWorkspace } from './me.ts'
import { NoWorkspace } from './NoWorkspace.tsx'
import { Rail } from './Rail.tsx'
import { useSignal } from './signals.ts'
import { Unreachable } from './Unreachable.tsx'

const fetchPalette = () => import('./Palette.tsx').then(({ Palette }) => ({ default: Palette }))
const Palette = lazy(fetchPalette)
const SignInAgain = lazy(() => import('./SignInAgain.tsx').then(({ SignInAgain }) => ({ default: SignInAgain })))

/** Screens that are a desk of their own: they take all the room there is. */
const WIDE = /^\/(workflow|execution)\//

/** Screens that make sense for a person without a workspace. */
const OWN = /^\/settings\/(profile|security)/

/** The frame of everything inside: rail, header, the screen, and what can lie over it. */
export function Shell() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const [palette, setPalette] = useState({ open: false, times: 0 })
  const again = useSignal(signInAgain)
  const workspace = useWorkspace()
  const main = useFocusOnMove(pathname)

  // Fetched ahead, so that the first letters that are typed into it are not lost.
  useEffect(() => {
    const timer = setTimeout(() => void fetchPalette().catch(() => {}), 1500)
    return () => clearTimeout(timer)
  }, [])

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      setPalette(toggled)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])

  return (
    <div className="flex min-h-dvh">
      <a
        href="#main"
        className="primary fixed top-3 left-3 z-60 -translate-y-20 rounded-lg px-4 py-2 font-semibold focus:translate-y-0"
      >
        {t('frame.skip')}
      </a>
      <Rail />
      <div className="flex min-w-0 flex-1 flex-col pb-20 sm:pb-0">
        <Header onSearch={() => setPalette(toggled)} />
        <Unreachable />
        <main
          id="main"
          ref={main}
          tabIndex={-1}
          className={classes(
            'w-full flex-1 outline-none',
            WIDE.test(pathname) ? 'min-h-0' : 'mx-auto max-w-6xl px-4 py-7 sm:px-8 sm:py-9',
          )}
        >
          {workspace || OWN.test(pathname) ? <Outlet /> : <NoWorkspace />}
        </main>
      </div>
      <Bar />
      <Suspense>
        {palette.times > 0 && <Palette key={palette.times} open={palette.open} onClose={() => setPalette(shut)} />}
        {again && <SignInAgain />}
      </Suspense>
    </div>
  )
}

type Opened = { open: boolean; times: number }

/** Opened once more it is a new one, even while the one before is still fading away. */
const toggled = ({ open, times }: Opened): Opened => ({ open: !open, times: open ? times : times + 1 })
const shut = ({ times }: Opened): Opened => ({ open: false, times })

/** A move to another screen is told to those who listen instead of look: the focus goes to its beginning. */
function useFocusOnMove(pathname: string) {
  const main = useRef<HTMLElement>(null)
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current === pathname) return
    before.current = pathname
    // Whoever has put the focus into the new screen already knows better.
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true })
  }, [pathname])
  return main
}
