import { Plus, Trash2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeCredential, createCredential, credentials } from '#vault/contract.ts'
import { call } from '../api.ts'
import { useDraft } from '../draft.ts'
import { queries } from '../query.ts'
import { Button } from '../ui/Button.tsx'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { Input, Password } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Select } from '../ui/Select.tsx'
import { say } from '../ui/toasts.ts'
import type { Credential } from './Credentials.tsx'
import { KINDS, type Row, rowsFor, rowsOf, valuesOf, withRow, wrongRows } from './fields.ts'

const OTHER = 'other'

/** Making a credential, or changing one; stored values are never shown. */
export function EditCredential({ credential, onClose }: { credential?: Credential; onClose: () => void }) {
  const { t } = useTranslation()
  const [preset, setPreset] = useState(Object.keys(KINDS)[0] ?? OTHER)
  const [rows, setRows] = useState<Row[]>(() => (credential ? rowsOf(credential.fields) : rowsFor(preset)))
  const [wrong, setWrong] = useState(new Map<number, 'name' | 'twice' | 'value'>())
  const draft = useDraft({
    start: { name: credential?.name ?? '', kind: credential?.kind ?? preset },
    schema: createCredential.body.pick({ name: true, kind: true }),
    send: ({ name, kind }) => {
      const values = valuesOf(rows)
      if (credential) return call(changeCredential, { params: { id: credential.id }, body: { name, values } })
      return call(createCredential, {
        body: { name, kind, values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? ''])) },
      })
    },
    done: ({ name }) => {
      onClose()
      say(t('credentials.saved', { name }))
      void queries.invalidateQueries({ queryKey: [credentials.path] })
    },
  })
  const choose = (kind: string) => {
    setPreset(kind)
    draft.set('kind', kind === OTHER ? '' : kind)
    setRows(rowsFor(kind))
  }
  const submit: typeof draft.submit = event => {
    const found = wrongRows(rows)
    setWrong(found)
    if (found.size === 0) draft.submit(event)
    else event?.preventDefault()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      firm
      size="medium"
      title={credential ? t('credentials.changeThis', { name: credential.name }) : t('credentials.new')}
      about={t('credentials.editAbout')}
    >
      <form {...draft.form} onSubmit={submit} className="grid gap-5" autoComplete="off">
        <Field label={t('keys.name')} hint={t('credentials.nameHint')} error={draft.problem('name')}>
          {control => <Input {...control} {...draft.bind('name')} autoComplete="off" />}
        </Field>
        {!credential && (
          <Field label={t('credentials.kind')}>
            {control => (
              <Select
                {...control}
                value={preset}
                choices={[...Object.keys(KINDS), OTHER].map(value => ({
                  value,
                  label: t(`credentials.kinds.${value.replace('.', '_') as 'other'}`),
                  ...(value === OTHER ? {} : { about: value }),
                }))}
                onChange={choose}
              />
            )}
          </Field>
        )}
        {!credential && preset === OTHER && (
          <Field label={t('credentials.kindName')} hint={t('credentials.kindHint')} error={draft.problem('kind')}>
            {control => <Input {...control} {...draft.bind('kind')} dir="ltr" spellCheck={false} className="font-mono" />}
          </Field>
        )}
        <Rows rows={rows} wrong={wrong} onChange={setRows} />
        {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
        <Actions>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" busy={draft.busy}>
            {t('ui.save')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  )
}

type RowsProps = { rows: Row[]; wrong: Map<number, 'name' | 'twice' | 'value'>; onChange: (rows: Row[]) => void }

function Rows({ rows, wrong, onChange }: RowsProps) {
  const { t } = useTranslation()
  const set = (id: number, next: Partial<Row>) => onChange(rows.map(row => (row.id === id ? { ...row, ...next } : row)))
  const drop = (row: Row) =>
    row.stored ? set(row.id, { gone: !row.gone, value: '' }) : onChange(rows.filter(one => one.id !== row.id))
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1.5 text-[0.8125rem] font-medium">{t('credentials.fields')}</legend>
      {rows.map(row => {
        const problem = wrong.get(row.id)
        const name = row.name || t('credentials.field')
        return (
          <div key={row.id} className="grid gap-1.5">
            <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-center gap-2">
              <Input
                aria-label={t('credentials.fieldName')}
                aria-invalid={problem === 'name' || problem === 'twice' || undefined}
                value={row.name}
                readOnly={row.stored}
                dir="ltr"
                spellCheck={false}
                placeholder={t('credentials.fieldName')}
                onChange={event => set(row.id, { name: event.target.value })}
                className="font-mono text-[0.8125rem]"
              />
              <Password
                aria-label={t('credentials.valueOf', { name })}
                aria-invalid={problem === 'value' || undefined}
                value={row.value}
                readOnly={row.gone}
                autoComplete="new-password"
                placeholder={row.gone ? t('credentials.willGo') : row.stored ? t('credentials.stays') : ''}
                onChange={event => set(row.id, { value: event.target.value })}
              />
              <Button
                size="icon"
                variant="quiet"
                aria-label={row.gone ? t('credentials.keep', { name }) : t('credentials.drop', { name })}
                onClick={() => drop(row)}
              >
                {row.gone ? <Undo2 aria-hidden className="size-4" /> : <Trash2 aria-hidden className="size-4" />}
              </Button>
            </div>
            {problem && (
              <p role="alert" className="text-xs text-danger">
                {t(`credentials.wrong.${problem}`)}
              </p>
            )}
          </div>
        )
      })}
      <Button
        size="small"
        variant="quiet"
        className="w-fit"
        icon={<Plus aria-hidden className="size-4" />}
        onClick={() => onChange(withRow(rows))}
      >
        {t('credentials.addField')}
      </Button>
    </fieldset>
  )
}
