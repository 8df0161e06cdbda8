import { useTranslation } from 'react-i18next'
import { changePassword, sessions } from '#accounts/contract.ts'
import { call } from '../api.ts'
import { useDraft } from '../draft.ts'
import { useMe } from '../frame/me.ts'
import { Title } from '../frame/Title.tsx'
import { queries } from '../query.ts'
import { Button } from '../ui/Button.tsx'
import { Card, Head } from '../ui/Card.tsx'
import { Field } from '../ui/Field.tsx'
import { Input, Password } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { say } from '../ui/toasts.ts'
import { Sessions } from './Sessions.tsx'
import { TwoFactor } from './TwoFactor.tsx'

/** How one signs in, and where one is signed in. */
export function Security() {
  const { t } = useTranslation()
  return (
    <>
      <Title>{t('places.security')}</Title>
      <Head title={t('places.security')} about={t('security.about')} />
      <NewPassword />
      <TwoFactor />
      <Sessions />
    </>
  )
}

function NewPassword() {
  const { t } = useTranslation()
  const { user } = useMe()
  const draft = useDraft({
    start: { current: '', password: '' },
    schema: changePassword.body,
    send: values => call(changePassword, { body: values }),
    done: async () => {
      draft.reset()
      say(t('security.passwordChanged'), 'success', t('security.othersEnded'))
      await queries.invalidateQueries({ queryKey: [sessions.path] })
    },
  })
  return (
    <Card title={t('security.password')} about={t('security.passwordAbout')}>
      <form {...draft.form} className="grid max-w-md gap-5">
        {/* Password keepers want to know whose password this is. */}
        <Input type="email" name="email" autoComplete="username" value={user.email} readOnly hidden />
        <Field label={t('security.current')} error={draft.problem('current')}>
          {control => <Password {...control} {...draft.bind('current')} autoComplete="current-password" />}
        </Field>
        <Field label={t('door.newPassword')} error={draft.problem('password')} hint={t('door.passwordHint')}>
          {control => <Password {...control} {...draft.bind('password')} autoComplete="new-password" />}
        </Field>
        {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
        <Button type="submit" className="w-fit" busy={draft.busy}>
          {t('security.change')}
        </Button>
      </form>
    </Card>
  )
}
