import { Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { signInAgain } from '../session.ts'
import { Bar } from './Bar.tsx'
import { Header } from './Header.tsx'
import { useWorkspace } from './me.ts'
import { NoWorkspace } from './NoWorkspace.tsx'
import { Rail } from './Rail.tsx'
import { useSignal } from './signals.ts'
import { Unreachable } from './Unreachable.tsx'

const Palette = lazy(() => import('./Palette.tsx').then(({ Palette }) => ({ default: Palette })))
const SignInAgain = lazy(() => import('./SignInAgain.tsx').then(({ SignInAgain }) => ({ default: SignInAgain })))

/** Screens that make sense for a person without a workspace. */
const OWN = /^\/settings\/(profile|security)/

/** The frame of everything inside: rail, header, the screen, and what can lie over it. */
export function Shell() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const [palette, setPalette] = useState<'never' | 'open' | 'closed'>('never')
  const again = useSignal(signInAgain)
  const workspace = useWorkspace()
  const main = useFocusOnMove(pathname)

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      setPalette(now => (now === 'open' ? 'closed' : 'open'))
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
        <Header onSearch={() => setPalette('open')} />
        <Unreachable />
        <main
          id="main"
          ref={main}
          tabIndex={-1}
          className="mx-auto w-full max-w-6xl flex-1 px-4 py-7 outline-none sm:px-8 sm:py-9"
        >
          {workspace || OWN.test(pathname) ? <Outlet /> : <NoWorkspace />}
        </main>
      </div>
      <Bar />
      <Suspense>
        {palette !== 'never' && <Palette open={palette === 'open'} onClose={() => setPalette('closed')} />}
        {again && <SignInAgain />}
      </Suspense>
    </div>
  )
}

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
