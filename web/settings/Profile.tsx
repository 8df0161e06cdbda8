import { useMutation } from '@tanstack/react-query'
import { Download, Monitor, Moon, Sun } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { exportAccount, rename } from '#accounts/contract.ts'
import { call } from '../api.ts'
import { useDraft } from '../draft.ts'
import { useMe } from '../frame/me.ts'
import { useSignal } from '../frame/signals.ts'
import { Title } from '../frame/Title.tsx'
import { queries } from '../query.ts'
import { saveAs } from '../save.ts'
import { chooseTheme, theme } from '../theme.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { Card, Head } from '../ui/Card.tsx'
import { Field } from '../ui/Field.tsx'
import { Input } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Segments } from '../ui/Segments.tsx'
import { say } from '../ui/toasts.ts'
import { LANGUAGE_NAMES, LANGUAGES } from '../words/language.ts'
import { tell } from '../words/tell.ts'
import { choose, spoken } from '../words/words.ts'
import { Erase } from './Erase.tsx'

/** Oneself: name, look, language, and what is kept. */
export function Profile() {
  const { t } = useTranslation()
  return (
    <>
      <Title>{t('places.profile')}</Title>
      <Head title={t('places.profile')} about={t('profile.about')} />
      <Name />
      <Look />
      <Export />
      <Erase />
    </>
  )
}

function Name() {
  const { t } = useTranslation()
  const { user } = useMe()
  const draft = useDraft({
    start: { name: user.name },
    schema: rename.body,
    send: values => call(rename, { body: values }),
    done: async ({ name }) => {
      await queries.invalidateQueries()
      draft.reset({ name })
      say(t('profile.saved'))
    },
  })
  return (
    <Card>
      <div className="flex items-center gap-4">
        <Avatar name={user.name} seed={user.id} className="size-14 text-lg" />
        <div className="grid min-w-0 gap-1">
          <strong className="font-semibold" dir="auto">
            {user.name}
          </strong>
          <span className="text-[0.8125rem] text-muted">{user.email}</span>
          {user.ownsInstance && <Badge tone="info">{t('profile.owner')}</Badge>}
        </div>
      </div>
      <form {...draft.form} className="flex flex-wrap items-end gap-3">
        <Field label={t('profile.name')} error={draft.problem('name')} className="min-w-0 flex-1 basis-64">
          {control => <Input {...control} {...draft.bind('name')} autoComplete="name" />}
        </Field>
        <Button
          type="submit"
          className="h-10"
          busy={draft.busy}
          why={draft.values.name === user.name ? t('ui.unchanged') : undefined}
        >
          {t('ui.save')}
        </Button>
      </form>
      {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
    </Card>
  )
}

function Look() {
  const { t } = useTranslation()
  const look = useSignal(theme)
  return (
    <Card title={t('profile.look')} about={t('profile.lookAbout')}>
      <div className="flex flex-wrap gap-x-10 gap-y-5">
        <div className="grid gap-1.5">
          <span aria-hidden className="text-[0.8125rem] font-medium">
            {t('frame.theme')}
          </span>
          <Segments
            label={t('frame.theme')}
            value={look}
            choices={[
              { value: 'dark', label: t('frame.dark'), icon: <Moon aria-hidden /> },
              { value: 'light', label: t('frame.light'), icon: <Sun aria-hidden /> },
              { value: 'system', label: t('frame.system'), icon: <Monitor aria-hidden /> },
            ]}
            onChange={chooseTheme}
          />
        </div>
        <div className="grid gap-1.5">
          <span aria-hidden className="text-[0.8125rem] font-medium">
            {t('frame.language')}
          </span>
          <Segments
            label={t('frame.language')}
            value={spoken()}
            choices={LANGUAGES.map(value => ({ value, label: LANGUAGE_NAMES[value] }))}
            onChange={choose}
          />
        </div>
      </div>
    </Card>
  )
}

function Export() {
  const { t } = useTranslation()
  const fetching = useMutation({
    mutationFn: () => call(exportAccount),
    onSuccess: everything =>
      saveAs('promptpilot-account.json', new Blob([JSON.stringify(everything, null, 2)], { type: 'application/json' })),
    onError: error => say(tell(error, t), 'danger'),
  })
  return (
    <Card
      title={t('profile.export')}
      about={t('profile.exportAbout')}
      action={
        <Button icon={<Download aria-hidden className="size-4" />} busy={fetching.isPending} onClick={() => fetching.mutate()}>
          {t('profile.exportAct')}
        </Button>
      }
      className="pb-5"
    />
  )
}
