import { Check, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { decide } from '#executions/contract.ts'
import { Failure } from '../api.ts'
import { problemsFrom } from '../form.ts'
import { useWhy } from '../frame/me.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { classes } from '../ui/classes.ts'
import { Field } from '../ui/Field.tsx'
import { Input, inputLook } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Select } from '../ui/Select.tsx'
import { tell } from '../words/tell.ts'
import { type Field as Asked, lacking, optionsOf, type Question, startOf, valuesOf } from './asked.ts'
import { useDecide } from './useDecide.ts'

const LONG = classes(inputLook, 'h-auto min-h-24 py-2')

/** The decision about something: yes or no, with what is asked beside it. */
export function Decide({ it }: { it: Question }) {
  const { t } = useTranslation()
  const why = useWhy(decide)
  const { send, busy, error, wanted } = useDecide()
  const [entered, setEntered] = useState<Record<string, string>>({})
  const [comment, setComment] = useState('')
  const [tried, setTried] = useState(false)
  const missing = lacking(it.fields, entered)
  const told = error instanceof Failure ? problemsFrom(error.details) : {}
  const problemOf = (name: string) => {
    const said = told[`fields.${name}`]
    if (tried && missing.includes(name)) return t('form.required')
    return said && 'text' in said ? said.text : undefined
  }
  const answer = (decision: 'approved' | 'rejected') => {
    setTried(decision === 'approved')
    if (decision === 'approved' && missing.length > 0) return
    const fields = it.kind === 'approval' ? { fields: decision === 'approved' ? valuesOf(it.fields, entered) : {} } : {}
    send({ params: { id: it.id }, body: { decision, ...fields, ...(comment.trim() ? { comment } : {}) } })
  }
  const permits = it.kind === 'permission'
  return (
    <Card>
      <form className="grid gap-5" noValidate onSubmit={event => event.preventDefault()}>
        {it.fields.map(field => (
          <Field
            key={field.name}
            label={field.required ? field.title : t('approvals.optional', { title: field.title })}
            error={problemOf(field.name)}
          >
            {control => (
              <Box
                control={control}
                field={field}
                value={entered[field.name] ?? startOf(field)}
                onChange={value => setEntered(before => ({ ...before, [field.name]: value }))}
              />
            )}
          </Field>
        ))}
        <Field label={t('approvals.comment')} hint={t('approvals.commentHint')}>
          {control => (
            <textarea
              {...control}
              dir="auto"
              maxLength={4000}
              value={comment}
              onChange={event => setComment(event.target.value)}
              className={LONG}
            />
          )}
        </Field>
        {error && !(error instanceof Failure && error.code === 'approval.decided') && (
          <Notice tone="danger">{tell(error, t)}</Notice>
        )}
        <div className="flex flex-col gap-2.5 sm:flex-row sm:justify-end">
          <Button
            variant="danger"
            why={why}
            busy={busy && wanted === 'rejected'}
            icon={<X aria-hidden className="size-4" />}
            onClick={() => answer('rejected')}
          >
            {t(permits ? 'approvals.forbid' : 'approvals.reject')}
          </Button>
          <Button
            variant="primary"
            why={why}
            busy={busy && wanted === 'approved'}
            icon={<Check aria-hidden className="size-4" />}
            onClick={() => answer('approved')}
          >
            {t(permits ? 'approvals.allow' : 'approvals.approve')}
          </Button>
        </div>
      </form>
    </Card>
  )
}

type BoxProps = {
  control: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }
  field: Asked
  value: string
  onChange: (value: string) => void
}

function Box({ control, field, value, onChange }: BoxProps) {
  const { t } = useTranslation()
  if (field.type === 'boolean' || field.type === 'select') {
    const none = field.type === 'select' && !field.required ? [{ value: '', label: '–' }] : []
    const choices =
      field.type === 'boolean'
        ? [
            { value: 'true', label: t('approvals.yes') },
            { value: 'false', label: t('approvals.no') },
          ]
        : [...none, ...optionsOf(field).map(one => ({ value: one, label: one }))]
    return (
      <Select
        {...control}
        value={field.type === 'boolean' && value === '' ? 'false' : value}
        choices={choices}
        onChange={onChange}
      />
    )
  }
  if (field.type === 'longtext')
    return <textarea {...control} dir="auto" value={value} onChange={event => onChange(event.target.value)} className={LONG} />
  return (
    <Input
      {...control}
      type={field.type === 'date' ? 'date' : 'text'}
      inputMode={field.type === 'number' ? 'decimal' : undefined}
      value={value}
      onChange={event => onChange(event.target.value)}
    />
  )
}
