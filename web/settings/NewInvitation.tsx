import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '#http/caller.ts'
import type { Reply } from '#http/contract.ts'
import { invitations, invite } from '#workspaces/contract.ts'
import { call } from '../api.ts'
import { useDraft } from '../draft.ts'
import { useMe } from '../frame/me.ts'
import { queries } from '../query.ts'
import { givable } from '../roles.ts'
import { Button } from '../ui/Button.tsx'
import { Code } from '../ui/Copy.tsx'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { Input } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Select } from '../ui/Select.tsx'

type Sent = Reply<typeof invite>

/** Inviting somebody; the link is shown once. */
export function NewInvitation({ onClose }: { onClose: () => void }) {
  const [sent, setSent] = useState<Sent>()
  return sent ? <Shown sent={sent} onClose={onClose} /> : <Make onClose={onClose} onSent={setSent} />
}

function Make({ onClose, onSent }: { onClose: () => void; onSent: (sent: Sent) => void }) {
  const { t } = useTranslation()
  const { role: mine } = useMe()
  const roles = givable(mine ?? 'viewer')
  const start: { email: string; role: Role } = { email: '', role: roles.includes('editor') ? 'editor' : 'viewer' }
  const draft = useDraft({
    start,
    schema: invite.body,
    send: values => call(invite, { body: values }),
    done: sent => {
      onSent(sent)
      void queries.invalidateQueries({ queryKey: [invitations.path] })
    },
  })
  return (
    <Dialog open onClose={onClose} title={t('members.invite')} about={t('invitations.newAbout')}>
      <form {...draft.form} className="grid gap-5">
        <Field label={t('door.email')} error={draft.problem('email')}>
          {control => <Input {...control} {...draft.bind('email')} type="email" autoComplete="off" dir="ltr" />}
        </Field>
        <Field label={t('keys.role')} error={draft.problem('role')}>
          {control => (
            <Select
              {...control}
              value={draft.values.role}
              choices={roles.map(role => ({ value: role, label: t(`roles.${role}`), about: t(`roles.may.${role}`) }))}
              onChange={role => draft.set('role', role)}
            />
          )}
        </Field>
        {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
        <Actions>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" busy={draft.busy}>
            {t('invitations.make')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  )
}

function Shown({ sent, onClose }: { sent: Sent; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog
      open
      onClose={onClose}
      firm
      size="medium"
      title={t('invitations.made', { email: sent.email })}
      about={t('invitations.madeAbout', { role: t(`roles.${sent.role}`) })}
    >
      <Code text={sent.link} label={t('invitations.link')} />
      <Notice tone={sent.sent === 'mail' ? 'success' : sent.sent === 'log' ? 'info' : 'warning'}>
        {t(`invitations.sent.${sent.sent}`, { email: sent.email })}
      </Notice>
      <Actions>
        <Button variant="primary" onClick={onClose}>
          {t('ui.done')}
        </Button>
      </Actions>
    </Dialog>
  )
}
