import { Lock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { unlock } from '#triggers/pages/contract.ts'
import { call } from '../api.ts'
import { useDraft } from '../draft.ts'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { Password } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Page } from './Page.tsx'

/** Asks for the password of what is shared. */
export function Unlock({ at, done }: { at: string; done: (token: string) => void }) {
  const { t } = useTranslation()
  const draft = useDraft({
    start: { password: '' },
    schema: unlock.body,
    send: values => call(unlock, { params: { key: at }, body: values }),
    done: ({ token }) => done(token),
  })
  return (
    <Page title={t('share.locked')} about={t('share.lockedAbout')} icon={<Lock />}>
      <form {...draft.form} className="grid gap-5">
        <Field label={t('share.password')} error={draft.problem('password')}>
          {control => <Password {...control} {...draft.bind('password')} autoComplete="off" autoFocus />}
        </Field>
        {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
        <Button type="submit" variant="primary" size="large" wide busy={draft.busy}>
          {t('share.open')}
        </Button>
      </form>
    </Page>
  )
}
