import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keep, recall } from '../keep.ts'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import type { Shown } from './check.ts'
import { useEntry } from './entry.ts'
import { Page } from './Page.tsx'
import { Question } from './Question.tsx'
import { Run } from './Run.tsx'
import { Thanks } from './Thanks.tsx'

type Props = { at: string; shown: Shown; token: string | undefined; locked: () => void }

/** A form that was shared: filling it in, and what comes of it. */
export function Form({ at, shown, token, locked }: Props) {
  const [sent, setSent] = useState<string | null>(recall(`run.${at}`, 'session'))
  const [round, setRound] = useState(0)
  const follow = (next: string | null) => {
    keep(`run.${at}`, next, 'session')
    setSent(next)
  }
  const again = () => {
    follow(null)
    setRound(round + 1)
  }
  if (sent !== null && shown.result === 'message') return <Thanks message={shown.message} again={again} />
  if (sent !== null) return <Run shown={shown} follow={sent} again={again} />
  return <Fill key={round} at={at} shown={shown} token={token} sent={follow} locked={locked} />
}

type FillProps = Props & { sent: (follow: string) => void }

function Fill({ at, shown, token, sent, locked }: FillProps) {
  const { t } = useTranslation()
  const entry = useEntry({ at, token, fields: shown.fields, sent, locked })
  const count = Object.keys(entry.errors).length
  return (
    <Page title={shown.title ?? t('share.form')} about={shown.description}>
      <form {...entry.form} className="grid gap-6">
        {shown.fields.map(field => (
          <Question
            key={field.name}
            at={at}
            token={token}
            field={field}
            entered={entry.entered[field.name] ?? ''}
            error={entry.errors[field.name]}
            underway={entry.underway}
            enter={value => entry.enter(field.name, value)}
          />
        ))}
        <p role="alert" className="sr-only">
          {count > 0 ? t('share.check', { count }) : ''}
        </p>
        {entry.failure && <Notice tone="danger">{entry.failure}</Notice>}
        <Button type="submit" variant="primary" size="large" wide busy={entry.busy}>
          {shown.submit ?? t('share.send')}
        </Button>
      </form>
    </Page>
  )
}
