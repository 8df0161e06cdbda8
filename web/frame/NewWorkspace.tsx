import { useTranslation } from 'react-i18next'
import { me } from '#accounts/contract.ts'
import { createWorkspace } from '#workspaces/contract.ts'
import { call } from '../api.ts'
import { useDraft } from '../draft.ts'
import { queries } from '../query.ts'
import { Button } from '../ui/Button.tsx'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { Input } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { useSwitch } from './leave.ts'

/** Making a workspace; one goes over to it at once. */
export function NewWorkspace({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('newWorkspace.title')} about={t('newWorkspace.about')}>
      <Form onClose={onClose} />
    </Dialog>
  )
}

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const enter = useSwitch()
  const draft = useDraft({
    start: { name: '' },
    schema: createWorkspace.body,
    send: values => call(createWorkspace, { body: values }),
    done: async ({ id }) => {
      onClose()
      await queries.invalidateQueries({ queryKey: [me.path] })
      await enter(id)
    },
  })
  return (
    <form {...draft.form} className="grid gap-5">
      <Field label={t('newWorkspace.name')} error={draft.problem('name')}>
        {control => <Input {...control} {...draft.bind('name')} autoComplete="off" />}
      </Field>
      {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
      <Actions>
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
        <Button type="submit" variant="primary" busy={draft.busy}>
          {t('newWorkspace.act')}
        </Button>
      </Actions>
    </form>
  )
}
