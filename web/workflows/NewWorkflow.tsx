import { useNavigate } from '@tanstack/react-router'
import { FileUp, Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { createWorkflow, workflows } from '#workflows/drafts/contract.ts'
import { call } from '../api.ts'
import { useDraft } from '../draft.ts'
import { queries } from '../query.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { Input } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { TemplateCards } from './TemplateCards.tsx'
import type { View } from './view.ts'

type Props = { folder?: string | undefined; onClose: () => void; onOpen: (open: NonNullable<View['open']>) => void }

/** The ways to a new workflow: an empty one, one of the templates, in words, or from a file. */
export function NewWorkflow({ folder, onClose, onOpen }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const draft = useDraft({
    start: { name: '' },
    schema: createWorkflow.body,
    send: ({ name }) => call(createWorkflow, { body: { name, ...(folder ? { folderId: folder } : {}) } }),
    done({ id }) {
      void queries.invalidateQueries({ queryKey: [workflows.path] })
      void navigate({ to: '/workflow/$id', params: { id } })
    },
  })
  return (
    <Dialog open onClose={onClose} title={t('workflows.new')} size="medium">
      <form {...draft.form} className="grid gap-4">
        <Field label={t('workflows.name')} error={draft.problem('name')}>
          {control => (
            <div className="flex flex-wrap gap-2.5">
              <Input
                {...control}
                {...draft.bind('name')}
                maxLength={200}
                autoComplete="off"
                placeholder={t('workflows.nameExample')}
                className="flex-1 basis-48"
              />
              <Button type="submit" variant="primary" busy={draft.busy} className="h-10">
                {t('workflows.createEmpty')}
              </Button>
            </div>
          )}
        </Field>
        {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
      </form>
      <div className="flex flex-wrap gap-2.5">
        <Button icon={<Sparkles aria-hidden className="size-4" />} onClick={() => onOpen('describe')}>
          {t('workflows.describe')}
        </Button>
        <Button icon={<FileUp aria-hidden className="size-4" />} onClick={() => onOpen('import')}>
          {t('workflows.import')}
        </Button>
      </div>
      <section aria-label={t('workflows.templates')} className="grid gap-3">
        <h3 className="text-sm font-medium text-muted">{t('workflows.orTemplate')}</h3>
        <TemplateCards folder={folder} />
      </section>
    </Dialog>
  )
}
