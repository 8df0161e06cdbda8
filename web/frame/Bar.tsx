import { Link, useNavigate } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Menu, MenuItem } from '../ui/Menu.tsx'
import { RAIL } from './places.tsx'

/** So many have room beside each other on a small screen; the others open from the last one. */
const FEW = 4

const LOOK =
  'flex h-16 min-w-0 flex-1 flex-col items-center justify-center gap-1 rounded-lg text-[0.6875rem] font-medium text-muted [&_svg]:size-5'

/** The rail of small screens, below. */
export function Bar() {
  const { t } = useTranslation()
  const go = useNavigate()
  return (
    <nav
      aria-label={t('frame.rail')}
      className="glass fixed inset-x-0 bottom-0 z-30 flex border-t border-line px-2 pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {RAIL.slice(0, FEW).map(place => (
        <Link key={place.to} to={place.to} className={LOOK} activeProps={{ className: 'text-accent' }}>
          {place.icon}
          <span className="max-w-full truncate">{t(`places.${place.word}`)}</span>
        </Link>
      ))}
      <Menu
        trigger={
          <button type="button" className={LOOK}>
            <Ellipsis aria-hidden />
            <span className="max-w-full truncate">{t('frame.others')}</span>
          </button>
        }
      >
        {RAIL.slice(FEW).map(place => (
          <MenuItem key={place.to} icon={place.icon} onSelect={() => void go({ to: place.to })}>
            {t(`places.${place.word}`)}
          </MenuItem>
        ))}
      </Menu>
    </nav>
  )
}
