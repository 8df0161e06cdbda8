import { Check, RotateCcw } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { Page } from './Page.tsx'

/** It was sent, and that is all there is to say. */
export function Thanks({ message, again }: { message: string | null; again: () => void }) {
  const { t } = useTranslation()
  return (
    <Page title={t('share.sent')} icon={<Check />}>
      <Told>
        <p className="whitespace-pre-line" dir="auto">
          {message ?? t('share.sentAbout')}
        </p>
      </Told>
      <Another again={again} />
    </Page>
  )
}

/** What is told when the form is gone: read out, and what the keyboard goes on from. */
export function Told({ children }: { children: ReactNode }) {
  const self = useRef<HTMLDivElement>(null)
  useEffect(() => self.current?.focus(), [])
  return (
    <div ref={self} tabIndex={-1} role="status" className="grid min-w-0 gap-3 outline-none">
      {children}
    </div>
  )
}

/** Leads back to an empty form. */
export function Another({ again }: { again: () => void }) {
  const { t } = useTranslation()
  return (
    <Button className="justify-self-start" icon={<RotateCcw aria-hidden className="size-4" />} onClick={again}>
      {t('share.another')}
    </Button>
  )
}
