import { useTranslation } from 'react-i18next'
import { register } from '#accounts/contract.ts'
import type { Reply } from '#http/contract.ts'
import { call } from '../api.ts'
import { useDraft } from '../draft.ts'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { Input, Password } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'

type Props = {
  /** The address of an invitation; it cannot be changed. */
  email?: string
  invitation?: string
  act: string
  done: (reply: Reply<typeof register>) => void
}

/** Name, e-mail and a password for a new account. */
export function NewAccount({ email = '', invitation, act, done }: Props) {
  const { t } = useTranslation()
  const draft = useDraft({
    start: { name: '', email, password: '' },
    schema: register.body,
    send: values => call(register, { body: { ...values, ...(invitation ? { invitation } : {}) } }),
    done,
  })
  return (
    <form {...draft.form} className="grid gap-5">
      <Field label={t('door.name')} error={draft.problem('name')}>
        {control => <Input {...control} {...draft.bind('name')} autoComplete="name" />}
      </Field>
      <Field label={t('door.email')} error={draft.problem('email')} hint={email ? t('door.emailFixed') : undefined}>
        {control => (
          <Input {...control} {...draft.bind('email')} type="email" autoComplete="username" readOnly={email !== ''} dir="ltr" />
        )}
      </Field>
      <Field label={t('door.password')} error={draft.problem('password')} hint={t('door.passwordHint')}>
        {control => <Password {...control} {...draft.bind('password')} autoComplete="new-password" />}
      </Field>
      {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
      <Button type="submit" variant="primary" size="large" wide busy={draft.busy}>
        {act}
      </Button>
    </form>
  )
}
