import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Mark } from '../frame/Mark.tsx'
import { Title } from '../frame/Title.tsx'

/** The frame of what is shared: its title, its words, and nothing of the house around it. */
export function Page({
  title,
  about,
  icon,
  children,
}: {
  title: string
  about?: ReactNode
  icon?: ReactNode
  children?: ReactNode
}) {
  return (
    <div className="sky flex min-h-dvh flex-col">
      <Title>{title}</Title>
      <main className="mx-auto grid w-full max-w-xl flex-1 content-center px-4 py-8 sm:px-6 sm:py-14">
        <div className="appear card grid gap-7 p-5 shadow-lift sm:p-9">
          <header className="grid gap-2.5">
            {icon && (
              <span
                aria-hidden
                className="mb-1 grid size-12 place-items-center rounded-2xl border border-line bg-hover text-accent [&_svg]:size-5"
              >
                {icon}
              </span>
            )}
            <h1 className="text-[1.625rem] leading-tight" dir="auto">
              {title}
            </h1>
            {about && (
              <div className="whitespace-pre-line text-muted" dir="auto">
                {about}
              </div>
            )}
          </header>
          {children}
        </div>
      </main>
      <Made />
    </div>
  )
}

/** Whose work this page is. */
function Made() {
  const { t } = useTranslation()
  return (
    <footer className="flex items-center justify-center gap-2 px-4 pb-6 text-xs text-muted">
      <Mark className="size-4" />
      {t('share.made')}
    </footer>
  )
}
