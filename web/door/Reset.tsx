import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { reset } from '#accounts/contract.ts'
import { call } from '../api.ts'
import { useDraft } from '../draft.ts'
import { tokenOf } from '../path.ts'
import { Button } from '../ui/Button.tsx'
import { buttonLook } from '../ui/button.ts'
import { Field } from '../ui/Field.tsx'
import { Password } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { say } from '../ui/toasts.ts'
import { Door } from './Door.tsx'

/** Setting a new password with the token of a link. */
export function Reset() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const token = tokenOf(useLocation({ select: place => place.hash }))
  const [ended, setEnded] = useState(token === '')
  const draft = useDraft({
    start: { password: '' },
    schema: reset.body,
    shape: values => ({ ...values, token }),
    send: ({ password }) => call(reset, { body: { token, password } }),
    done: () => {
      say(t('door.resetDone'), 'success', t('door.resetDoneAbout'))
      void navigate({ to: '/login', replace: true })
    },
    caught: failure => {
      if (failure.code === 'auth.bad_token') setEnded(true)
      return failure.code === 'auth.bad_token'
    },
  })
  if (ended)
    return (
      <Door title={t('door.resetTitle')}>
        <Notice tone="warning">{t('door.linkEnded')}</Notice>
        <Link to="/forgot" className={buttonLook({ variant: 'primary', size: 'large', wide: true })}>
          {t('door.askAgain')}
        </Link>
      </Door>
    )
  return (
    <Door title={t('door.resetTitle')} about={t('door.resetAbout')}>
      <form {...draft.form} className="grid gap-5">
        <Field label={t('door.newPassword')} error={draft.problem('password')} hint={t('door.passwordHint')}>
          {control => <Password {...control} {...draft.bind('password')} autoComplete="new-password" />}
        </Field>
        {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
        <Button type="submit" variant="primary" size="large" wide busy={draft.busy}>
          {t('door.resetAct')}
        </Button>
      </form>
    </Door>
  )
}
