import { Rocket } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '#engine/check.ts'
import { workflow } from '#workflows/drafts/contract.ts'
import { publish } from '#workflows/versions/contract.ts'
import { call } from '../api.ts'
import { useDraft } from '../draft.ts'
import { useWhy } from '../frame/me.ts'
import { queries, read } from '../query.ts'
import { Button } from '../ui/Button.tsx'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { Input } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { say } from '../ui/toasts.ts'

type Props = { id: string; rev: number; ready: boolean; problems: readonly Problem[] }

/** Makes what is drawn the live version. */
export function Publish(props: Props) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const why = useWhy(publish)
  return (
    <>
      <Button
        size="small"
        icon={<Rocket aria-hidden className="size-4" />}
        why={why}
        busy={!props.ready}
        onClick={() => setOpen(true)}
      >
        {t('editor.publish')}
      </Button>
      {open && <Ask {...props} onClose={() => setOpen(false)} />}
    </>
  )
}

function Ask({ id, rev, problems, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation()
  const errors = problems.filter(one => one.severity === 'error')
  const draft = useDraft({
    start: { note: '' },
    schema: publish.body,
    shape: ({ note }) => ({ note, rev }),
    send: ({ note }) => call(publish, { params: { id }, body: { note, rev } }),
    done({ version }) {
      say(t('editor.published', { number: version }))
      void queries.invalidateQueries({ queryKey: read(workflow, { params: { id } }).queryKey })
      onClose()
    },
  })
  return (
    <Dialog open onClose={onClose} title={t('editor.publishTitle')} about={t('editor.publishAbout')}>
      <form {...draft.form} className="grid gap-5">
        {errors.length > 0 && (
          <Notice tone="warning">
            {t('editor.broken', { count: errors.length })}
            <ul className="mt-1 list-disc pl-5">
              {errors.slice(0, 5).map(one => (
                <li key={`${one.node} ${one.field} ${one.code} ${one.message}`}>{one.message}</li>
              ))}
            </ul>
          </Notice>
        )}
        <Field label={t('editor.note')} hint={t('editor.noteHint')} error={draft.problem('note')}>
          {control => <Input {...control} {...draft.bind('note')} autoComplete="off" />}
        </Field>
        {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
        <Actions>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            busy={draft.busy}
            why={errors.length > 0 ? t('editor.broken', { count: errors.length }) : undefined}
          >
            {t('editor.publish')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  )
}
