import { Link } from '@tanstack/react-router'
import { MailCheck, ScrollText } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { forgot } from '#accounts/contract.ts'
import { call } from '../api.ts'
import { useDraft } from '../draft.ts'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { Input } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Door } from './Door.tsx'

/** Asking for a link to set a new password. */
export function Forgot() {
  const { t } = useTranslation()
  const [sent, setSent] = useState<{ by: 'mail' | 'log'; email: string }>()
  const draft = useDraft({
    start: { email: '' },
    schema: forgot.body,
    send: values => call(forgot, { body: values }),
    done: ({ by }, { email }) => setSent({ by, email }),
  })
  const back = (
    <Link to="/login" className="text-accent underline-offset-4 hover:underline">
      {t('door.backToSignIn')}
    </Link>
  )
  if (sent) {
    const Icon = sent.by === 'mail' ? MailCheck : ScrollText
    return (
      <Door title={t('door.forgotSent')} foot={back}>
        <div role="status" className="grid justify-items-start gap-4">
          <Icon aria-hidden className="size-8 text-success" />
          <p>{sent.by === 'mail' ? t('door.forgotMail', { email: sent.email }) : t('door.forgotLog', { email: sent.email })}</p>
        </div>
      </Door>
    )
  }
  return (
    <Door title={t('door.forgotTitle')} about={t('door.forgotAbout')} foot={back}>
      <form {...draft.form} className="grid gap-5">
        <Field label={t('door.email')} error={draft.problem('email')}>
          {control => <Input {...control} {...draft.bind('email')} type="email" autoComplete="username" dir="ltr" />}
        </Field>
        {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
        <Button type="submit" variant="primary" size="large" wide busy={draft.busy}>
          {t('door.forgotAct')}
        </Button>
      </form>
    </Door>
  )
}
