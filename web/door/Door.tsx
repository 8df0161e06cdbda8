import { Link } from '@tanstack/react-router'
import { Languages, Monitor, Moon, Sun } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Brand } from '../frame/Mark.tsx'
import { useSignal } from '../frame/signals.ts'
import { Title } from '../frame/Title.tsx'
import { chooseTheme, theme } from '../theme.ts'
import { Segments } from '../ui/Segments.tsx'
import { LANGUAGE_NAMES, LANGUAGES } from '../words/language.ts'
import { choose, spoken } from '../words/words.ts'
import { Scene } from './Scene.tsx'

type Props = { title: string; about?: ReactNode; children: ReactNode; foot?: ReactNode }

/** The frame of everything that stands before signing in. */
export function Door({ title, about, children, foot }: Props) {
  return (
    <div className="sky grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <Title>{title}</Title>
      <div className="flex min-w-0 flex-col px-5 py-6 sm:px-10">
        <header>
          <Link to="/" className="inline-flex rounded-lg">
            <Brand />
          </Link>
        </header>
        <main className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center py-12">
          <div className="appear grid gap-7">
            <div className="grid gap-2">
              <h1 className="text-[1.625rem] leading-tight" dir="auto">
                {title}
              </h1>
              {about && <div className="text-muted">{about}</div>}
            </div>
            {children}
            {foot && <div className="border-t border-line pt-5 text-[0.8125rem] text-muted">{foot}</div>}
          </div>
        </main>
        <Choices />
      </div>
      <aside aria-hidden className="relative hidden overflow-hidden border-l border-line lg:block">
        <Scene />
      </aside>
    </div>
  )
}

function Choices() {
  const { t } = useTranslation()
  const look = useSignal(theme)
  return (
    <footer className="flex flex-wrap items-center justify-between gap-3">
      <div className="flex items-center gap-2 text-muted">
        <Languages aria-hidden className="size-4" />
        <Segments
          label={t('frame.language')}
          value={spoken()}
          choices={LANGUAGES.map(value => ({ value, label: LANGUAGE_NAMES[value] }))}
          onChange={choose}
        />
      </div>
      <Segments
        bare
        label={t('frame.theme')}
        value={look}
        choices={[
          { value: 'dark', label: t('frame.dark'), icon: <Moon aria-hidden /> },
          { value: 'light', label: t('frame.light'), icon: <Sun aria-hidden /> },
          { value: 'system', label: t('frame.system'), icon: <Monitor aria-hidden /> },
        ]}
        onChange={chooseTheme}
      />
    </footer>
  )
}
