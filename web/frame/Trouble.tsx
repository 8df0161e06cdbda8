import type { ErrorComponentProps } from '@tanstack/react-router'
import { CircleAlert, RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../api.ts'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { tell } from '../words/tell.ts'
import { Title } from './Title.tsx'

/** What stands where a screen broke, with a way to try again. */
export function Trouble({ error, reset }: Pick<ErrorComponentProps, 'error' | 'reset'>) {
  const { t } = useTranslation()
  return (
    <div className="grid min-h-96 place-items-center p-4">
      <Title>{t('trouble.title')}</Title>
      <div role="alert" className="card w-full max-w-xl">
        <Again title={t('trouble.title')} error={error} onAgain={reset} />
      </div>
    </div>
  )
}

/** What stands where a list could not be read. */
export function Again({ title, error, onAgain }: { title?: string; error: unknown; onAgain: () => void }) {
  const { t } = useTranslation()
  return (
    <Empty
      icon={<CircleAlert />}
      title={title ?? t('trouble.list')}
      action={
        <Button icon={<RotateCw aria-hidden className="size-4" />} onClick={onAgain}>
          {t('trouble.again')}
        </Button>
      }
    >
      {error instanceof Failure ? tell(error, t) : t('trouble.ours')}
    </Empty>
  )
}
