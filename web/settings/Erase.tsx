import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { erase } from '#accounts/contract.ts'
import { call, tab } from '../api.ts'
import { useMe } from '../frame/me.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Field } from '../ui/Field.tsx'
import { Password } from '../ui/Input.tsx'
import { tell } from '../words/tell.ts'

/** Erasing oneself, after the password and the e-mail were typed. */
export function Erase() {
  const { t } = useTranslation()
  const { user } = useMe()
  const [asking, setAsking] = useState(false)
  const [password, setPassword] = useState('')
  const erasing = useMutation({
    mutationFn: () => call(erase, { body: password === '' ? {} : { password } }),
    onSuccess: () => {
      tab.enter(null)
      location.assign('/login')
    },
  })
  const close = () => {
    setAsking(false)
    setPassword('')
    erasing.reset()
  }
  return (
    <>
      <Card
        tone="danger"
        title={t('erase.title')}
        about={t('erase.about')}
        action={
          <Button variant="danger" onClick={() => setAsking(true)}>
            {t('erase.act')}
          </Button>
        }
        className="pb-5"
      />
      <Confirm
        open={asking}
        onClose={close}
        title={t('erase.ask')}
        about={t('erase.askAbout')}
        act={t('erase.sure')}
        type={{ label: t('erase.type', { email: user.email }), text: user.email }}
        busy={erasing.isPending}
        problem={erasing.error ? tell(erasing.error, t) : undefined}
        onAct={() => erasing.mutate()}
      >
        <Field label={t('erase.password')} hint={t('erase.passwordHint')}>
          {control => (
            <Password
              {...control}
              value={password}
              onChange={event => setPassword(event.target.value)}
              autoComplete="current-password"
            />
          )}
        </Field>
      </Confirm>
    </>
  )
}
