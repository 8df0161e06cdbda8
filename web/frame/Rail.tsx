import { Link } from '@tanstack/react-router'
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keep, recall } from '../keep.ts'
import { classes } from '../ui/classes.ts'
import { Tip } from '../ui/Tip.tsx'
import { Brand } from './Mark.tsx'
import { type Place, RAIL, REFERENCE } from './places.tsx'

const ENTRY =
  'group relative flex h-9 items-center gap-3 rounded-lg px-2.5 text-sm font-medium text-muted transition-colors hover:bg-hover hover:text-text [&_svg]:size-[1.125rem] [&_svg]:shrink-0'

/** The way between the screens. It folds to icons: by choice, and where there is little room. */
export function Rail() {
  const { t } = useTranslation()
  const [folded, setFolded] = useState(recall('rail') === 'folded')
  const fold = () => {
    keep('rail', folded ? null : 'folded')
    setFolded(!folded)
  }
  const Icon = folded ? PanelLeftOpen : PanelLeftClose
  const words = folded ? t('frame.unfold') : t('frame.fold')
  return (
    <nav
      aria-label={t('frame.rail')}
      data-folded={folded || undefined}
      className={classes(
        'sticky top-0 z-30 hidden h-dvh w-16 shrink-0 flex-col gap-1 border-r border-line px-3 py-3 transition-[width] sm:flex',
        !folded && 'lg:w-60',
      )}
    >
      <Link to="/home" aria-label={t('frame.toHome')} className="mb-3 flex h-9 items-center rounded-lg px-1.5">
        <Brand bare={folded} />
      </Link>
      {RAIL.map(place => (
        <Entry key={place.to} place={place} folded={folded} />
      ))}
      <div className="flex-1" />
      <Entry place={REFERENCE} folded={folded} />
      <button
        type="button"
        onClick={fold}
        aria-label={words}
        aria-expanded={!folded}
        className={classes(ENTRY, 'hidden lg:flex')}
      >
        <Icon aria-hidden />
        {!folded && <span aria-hidden>{words}</span>}
      </button>
    </nav>
  )
}

function Entry({ place, folded }: { place: Place; folded: boolean }) {
  const { t } = useTranslation()
  const words = t(`places.${place.word}`)
  const link = (
    <Link
      to={place.to}
      aria-label={words}
      className={ENTRY}
      activeProps={{
        className:
          'bg-hover text-text before:absolute before:inset-y-2 before:-left-3 before:w-0.5 before:rounded-full before:bg-accent',
      }}
    >
      {place.icon}
      <span aria-hidden className={classes('truncate', folded ? 'hidden' : 'hidden lg:inline')}>
        {words}
      </span>
    </Link>
  )
  return folded ? (
    <Tip text={words} side="right">
      {link}
    </Tip>
  ) : (
    link
  )
}
