import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { Fragment, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { SETTINGS, type SettingsPlace } from '../frame/places.tsx'

/** The settings: a list of their screens beside the one that is open. */
export function Settings() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const list = useRef<HTMLUListElement>(null)
  // On narrow screens the list scrolls sideways, and what is open must be in sight.
  useEffect(
    () => list.current?.querySelector(`[href="${pathname}"]`)?.scrollIntoView({ block: 'nearest', inline: 'center' }),
    [pathname],
  )
  return (
    <div className="grid gap-6 lg:grid-cols-[12rem_minmax(0,1fr)] lg:gap-10">
      <nav aria-label={t('places.settings')} className="-mx-4 overflow-x-auto px-4 sm:mx-0 sm:px-0 lg:overflow-visible">
        <ul ref={list} className="flex w-max gap-1 lg:sticky lg:w-auto lg:top-23 lg:grid">
          {(['you', 'workspace'] as const).map(of => (
            <Fragment key={of}>
              <li aria-hidden className="hidden px-2.5 pt-1 pb-1.5 text-xs font-medium text-muted not-first:pt-5 lg:block">
                {t(`settings.${of}`)}
              </li>
              {SETTINGS.filter(place => place.of === of).map(place => (
                <Entry key={place.to} place={place} />
              ))}
            </Fragment>
          ))}
        </ul>
      </nav>
      <div className="grid min-w-0 content-start gap-6">
        <Outlet />
      </div>
    </div>
  )
}

function Entry({ place: { to, word, icon } }: { place: SettingsPlace }) {
  const { t } = useTranslation()
  return (
    <li>
      <Link
        to={to}
        className="flex h-9 items-center gap-2.5 rounded-lg px-2.5 text-sm font-medium whitespace-nowrap text-muted transition-colors hover:bg-hover hover:text-text pointer-coarse:h-11 [&_svg]:size-4"
        activeProps={{ className: 'bg-hover text-text' }}
      >
        {icon}
        {t(`places.${word}`)}
      </Link>
    </li>
  )
}
