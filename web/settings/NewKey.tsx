import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '#http/caller.ts'
import type { Reply } from '#http/contract.ts'
import { createKey, keys } from '#workspaces/contract.ts'
import { call } from '../api.ts'
import { now } from '../clock.ts'
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
import { dayOf } from '../ui/time.ts'
import { ends, TERMS, type Term } from './term.ts'

type Made = Reply<typeof createKey>

/** Making an API key; it is shown once. */
export function NewKey({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<Made>()
  return made ? <Shown made={made} onClose={onClose} /> : <Make onClose={onClose} onMade={setMade} />
}

function Make({ onClose, onMade }: { onClose: () => void; onMade: (made: Made) => void }) {
  const { t, i18n } = useTranslation()
  const { role: mine } = useMe()
  const start: { name: string; role: Role; term: Term } = { name: '', role: mine ?? 'viewer', term: '90' }
  const bodyOf = ({ name, role, term }: typeof start) => {
    const expiresAt = ends(term, now())
    return { name, role, ...(expiresAt ? { expiresAt } : {}) }
  }
  const draft = useDraft({
    start,
    schema: createKey.body,
    shape: bodyOf,
    send: values => call(createKey, { body: bodyOf(values) }),
    done: made => {
      onMade(made)
      void queries.invalidateQueries({ queryKey: [keys.path] })
    },
  })
  const until = ends(draft.values.term, now())
  return (
    <Dialog open onClose={onClose} title={t('keys.new')} about={t('keys.newAbout')}>
      <form {...draft.form} className="grid gap-5">
        <Field label={t('keys.name')} hint={t('keys.nameHint')} error={draft.problem('name')}>
          {control => <Input {...control} {...draft.bind('name')} autoComplete="off" />}
        </Field>
        <Field label={t('keys.role')} error={draft.problem('role')}>
          {control => (
            <Select
              {...control}
              value={draft.values.role}
              choices={givable(mine ?? 'viewer').map(role => ({
                value: role,
                label: t(`roles.${role}`),
                about: t(`roles.may.${role}`),
              }))}
              onChange={role => draft.set('role', role)}
            />
          )}
        </Field>
        <Field
          label={t('keys.expires')}
          hint={until ? t('keys.until', { day: dayOf(until, i18n.language) }) : t('keys.noEndHint')}
        >
          {control => (
            <Select
              {...control}
              value={draft.values.term}
              choices={TERMS.map(term => ({
                value: term,
                label: term === 'never' ? t('keys.noEnd') : t('keys.days', { count: Number(term) }),
              }))}
              onChange={term => draft.set('term', term)}
            />
          )}
        </Field>
        {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
        <Actions>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" busy={draft.busy}>
            {t('keys.make')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  )
}

function Shown({ made, onClose }: { made: Made; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog open onClose={onClose} firm size="medium" title={t('keys.made', { name: made.name })} about={t('keys.madeAbout')}>
      <Code text={made.key} label={t('keys.key')} />
      <div className="grid gap-2">
        <p className="text-[0.8125rem] font-medium">{t('keys.try')}</p>
        <Code text={`curl ${location.origin}/api/me \\\n  -H "Authorization: Bearer ${made.key}"`} label={t('keys.try')} />
      </div>
      <Notice tone="warning">{t('keys.once')}</Notice>
      <Actions>
        <Button variant="primary" onClick={onClose}>
          {t('keys.stored')}
        </Button>
      </Actions>
    </Dialog>
  )
}
