import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createCredential, credentials } from '#vault/contract.ts'
import { connectors } from '#workflows/catalogue/contract.ts'
import { read, useAct } from '../../query.ts'
import { Button } from '../../ui/Button.tsx'
import { Actions, Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Input } from '../../ui/Input.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Select } from '../../ui/Select.tsx'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { tell } from '../../words/tell.ts'
import { Form } from '../Form.tsx'
import type { Problem } from '../problems.ts'
import { Try } from './CredentialField.tsx'
import { kindsOf, missingIn, textsOf } from './kinds.ts'

type Props = { kinds: readonly string[]; onClose: () => void; onMade: (id: string) => void }

/** Making a credential where it is needed, with the fields of its kind; it can be tried before it is used. */
export function NewCredential({ kinds, onClose, onMade }: Props) {
  const { t } = useTranslation()
  const { data, isPending, error } = useQuery(read(connectors))
  const known = kindsOf(kinds, data?.items ?? [])
  const [chosen, choose] = useState(kinds[0] ?? '')
  const kind = known.find(one => one.id === chosen) ?? known[0]
  const [name, setName] = useState('')
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [asked, setAsked] = useState(false)
  const make = useAct(createCredential, { refresh: [credentials], quiet: true })
  const made = make.data
  const missing = kind ? missingIn(kind, values) : []
  const problems = (asked ? missing : []).map(
    (field): Problem => ({
      node: null,
      field: `params.${field}`,
      code: 'missing',
      message: t('form.required'),
      severity: 'error',
    }),
  )
  const submit = (event: FormEvent) => {
    // The form around it is not meant.
    event.preventDefault()
    event.stopPropagation()
    setAsked(true)
    if (!kind || name.trim() === '' || missing.length > 0 || make.isPending) return
    make.mutate({ body: { name: name.trim(), kind: kind.id, values: textsOf(values) } })
  }
  return (
    <Dialog open onClose={onClose} firm size="medium" title={t('credentials.new')} about={t('credentials.editAbout')}>
      {made ? (
        <div className="grid gap-5">
          <Notice tone="success">{t('credentials.saved', { name: made.name })}</Notice>
          <Try id={made.id} />
          <Actions>
            <Button variant="primary" onClick={() => onMade(made.id)}>
              {t('vault.use')}
            </Button>
          </Actions>
        </div>
      ) : isPending ? (
        <SkeletonRows />
      ) : !kind ? (
        <Notice tone="danger">{error ? tell(error, t) : t('vault.unknownKind')}</Notice>
      ) : (
        <form onSubmit={submit} className="grid gap-5" autoComplete="off" noValidate>
          {known.length > 1 && (
            <Field label={t('credentials.kind')}>
              {control => (
                <Select
                  {...control}
                  value={kind.id}
                  choices={known.map(one => ({ value: one.id, label: one.title, about: one.about }))}
                  onChange={next => {
                    choose(next)
                    setValues({})
                    setAsked(false)
                  }}
                />
              )}
            </Field>
          )}
          <Field
            label={t('keys.name')}
            hint={t('credentials.nameHint')}
            error={asked && name.trim() === '' ? t('form.required') : undefined}
          >
            {control => (
              <Input
                {...control}
                value={name}
                maxLength={100}
                autoComplete="off"
                onChange={event => setName(event.target.value)}
              />
            )}
          </Field>
          <Form schema={kind.fields} value={values} onChange={setValues} reach={plainly} problems={problems} />
          {make.error && <Notice tone="danger">{tell(make.error, t)}</Notice>}
          <Actions>
            <Button onClick={onClose}>{t('ui.cancel')}</Button>
            <Button type="submit" variant="primary" busy={make.isPending}>
              {t('ui.save')}
            </Button>
          </Actions>
        </form>
      )}
    </Dialog>
  )
}

/** A secret is taken as it is: `{{` means nothing in it. */
const plainly = () => null
