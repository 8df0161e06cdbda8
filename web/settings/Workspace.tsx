import { useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { deleteWorkspace, renameWorkspace } from '#workspaces/contract.ts'
import { call, tab } from '../api.ts'
import { useDraft } from '../draft.ts'
import { type Me, useMe, useWhy, useWorkspace } from '../frame/me.ts'
import { NewWorkspace } from '../frame/NewWorkspace.tsx'
import { Title } from '../frame/Title.tsx'
import { queries, useAct } from '../query.ts'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { Card, Head } from '../ui/Card.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Copy } from '../ui/Copy.tsx'
import { Field } from '../ui/Field.tsx'
import { Input } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'

type Workspace = Me['workspaces'][number]

/** The workspace itself: its name, its id, its end. */
export function WorkspaceSettings() {
  const { t } = useTranslation()
  const workspace = useWorkspace()
  const { mayCreateWorkspaces } = useMe()
  const [making, setMaking] = useState(false)
  if (!workspace) return null
  return (
    <>
      <Title>{t('places.workspace')}</Title>
      <Head
        title={t('places.workspace')}
        about={t('workspace.about')}
        action={
          <Button
            icon={<Plus aria-hidden className="size-4" />}
            why={mayCreateWorkspaces ? undefined : t('workspace.noNew')}
            onClick={() => setMaking(true)}
          >
            {t('frame.newWorkspace')}
          </Button>
        }
      />
      <Name key={workspace.id} workspace={workspace} />
      <End workspace={workspace} />
      <NewWorkspace open={making} onClose={() => setMaking(false)} />
    </>
  )
}

function Name({ workspace }: { workspace: Workspace }) {
  const { t } = useTranslation()
  const why = useWhy(renameWorkspace)
  const draft = useDraft({
    start: { name: workspace.name },
    schema: renameWorkspace.body,
    send: values => call(renameWorkspace, { body: values }),
    done: async ({ name }) => {
      await queries.invalidateQueries()
      draft.reset({ name })
      say(t('workspace.renamed'))
    },
  })
  return (
    <Card>
      <form {...draft.form} className="flex flex-wrap items-end gap-3">
        <Field label={t('newWorkspace.name')} error={draft.problem('name')} hint={why} className="min-w-0 flex-1 basis-64">
          {control => <Input {...control} {...draft.bind('name')} readOnly={why !== undefined} autoComplete="off" />}
        </Field>
        {!why && (
          <Button
            type="submit"
            className="h-10"
            busy={draft.busy}
            why={draft.values.name === workspace.name ? t('ui.unchanged') : undefined}
          >
            {t('ui.save')}
          </Button>
        )}
      </form>
      {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
      <dl className="grid gap-4 border-t border-line pt-5 sm:grid-cols-2">
        <div className="grid gap-1">
          <dt className="text-xs text-muted">{t('workspace.id')}</dt>
          <dd className="flex items-center gap-1">
            <code className="min-w-0 text-[0.8125rem]">{workspace.id}</code>
            <Copy text={workspace.id} bare variant="quiet" />
          </dd>
        </div>
        <div className="grid content-start gap-1">
          <dt className="text-xs text-muted">{t('workspace.role')}</dt>
          <dd className="flex flex-wrap items-center gap-2">
            <Badge tone="info">{t(`roles.${workspace.role}`)}</Badge>
            <span className="text-[0.8125rem] text-muted">{t(`roles.may.${workspace.role}`)}</span>
          </dd>
        </div>
      </dl>
    </Card>
  )
}

function End({ workspace }: { workspace: Workspace }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const why = useWhy(deleteWorkspace)
  const [asking, setAsking] = useState(false)
  const end = useAct(deleteWorkspace, {
    quiet: true,
    done: () => {
      say(t('workspace.deleted', { name: workspace.name }))
      tab.enter(null)
      void navigate({ to: '/home' }).then(() => queries.resetQueries())
    },
  })
  return (
    <>
      <Card
        tone="danger"
        title={t('workspace.delete')}
        about={t('workspace.deleteAbout')}
        action={
          <Button variant="danger" why={why} onClick={() => setAsking(true)}>
            {t('workspace.delete')}
          </Button>
        }
        className="pb-5"
      />
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t('workspace.ask', { name: workspace.name })}
        about={t('workspace.askAbout')}
        act={t('workspace.sure')}
        type={{ label: t('workspace.type', { name: workspace.name }), text: workspace.name }}
        busy={end.isPending}
        problem={end.error ? tell(end.error, t) : undefined}
        onAct={() => end.mutate({ query: { name: workspace.name } })}
      />
    </>
  )
}
