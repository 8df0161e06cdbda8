import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { RAIL } from './places.tsx'

/** The rail of small screens, below. */
export function Bar() {
  const { t } = useTranslation()
  return (
    <nav
      aria-label={t('frame.rail')}
      className="glass fixed inset-x-0 bottom-0 z-30 flex border-t border-line px-2 pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {RAIL.map(place => (
        <Link
          key={place.to}
          to={place.to}
          className="flex h-16 min-w-0 flex-1 flex-col items-center justify-center gap-1 rounded-lg text-[0.6875rem] font-medium text-muted [&_svg]:size-5"
          activeProps={{ className: 'text-accent' }}
        >
          {place.icon}
          <span className="max-w-full truncate">{t(`places.${place.word}`)}</span>
        </Link>
      ))}
    </nav>
  )
}
