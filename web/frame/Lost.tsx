import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { buttonLook } from '../ui/button.ts'
import { Mark } from './Mark.tsx'
import { Title } from './Title.tsx'

/** There is no screen at this address. */
export function Lost() {
  const { t } = useTranslation()
  return (
    <main className="sky grid min-h-dvh place-items-center p-6 text-center">
      <Title>{t('lost.title')}</Title>
      <div className="grid max-w-md justify-items-center gap-5">
        <Mark className="size-12" />
        <div className="grid gap-2">
          <h1 className="text-2xl">{t('lost.title')}</h1>
          <p className="text-muted">{t('lost.about')}</p>
        </div>
        <Link to="/home" className={buttonLook({ variant: 'primary', size: 'large' })}>
          {t('lost.home')}
        </Link>
      </div>
    </main>
  )
}
