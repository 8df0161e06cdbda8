import { useInfiniteQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { members } from '#workspaces/contract.ts'
import { pages } from '../query.ts'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { Input } from '../ui/Input.tsx'
import { Select } from '../ui/Select.tsx'
import { type Filter, filterOf } from './filter.ts'

const GROUPS = [
  'session',
  'password',
  'two_factor',
  'account',
  'member',
  'invitation',
  'key',
  'workspace',
  'credential',
  'file',
] as const

/** What the audit log is narrowed by. */
export function AuditFilter({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const { t } = useTranslation()
  const set = (next: Record<string, string>) => onChange(filterOf({ ...filter, ...next }))
  const own = filter.action !== undefined && !GROUPS.some(group => filter.action === `${group}.*`)
  const choices = [
    { value: '', label: t('audit.anything') },
    ...GROUPS.map(group => ({ value: `${group}.*`, label: t(`audit.groups.${group}`) })),
    ...(own ? [{ value: filter.action ?? '', label: filter.action ?? '' }] : []),
  ]
  return (
    <search className="flex flex-wrap items-end gap-3">
      <Field label={t('audit.what')} className="min-w-0 flex-1 basis-40">
        {control => <Select {...control} value={filter.action ?? ''} choices={choices} onChange={action => set({ action })} />}
      </Field>
      <Actor value={filter.actor ?? ''} onChange={actor => set({ actor })} />
      <Field label={t('audit.from')} className="min-w-0 flex-1 basis-36">
        {control => (
          <Input
            {...control}
            type="date"
            value={filter.from ?? ''}
            max={filter.to}
            onChange={event => set({ from: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('audit.to')} className="min-w-0 flex-1 basis-36">
        {control => (
          <Input
            {...control}
            type="date"
            value={filter.to ?? ''}
            min={filter.from}
            onChange={event => set({ to: event.target.value })}
          />
        )}
      </Field>
      {Object.keys(filter).length > 0 && (
        <Button variant="quiet" className="h-10" icon={<X aria-hidden className="size-4" />} onClick={() => onChange({})}>
          {t('audit.clear')}
        </Button>
      )}
    </search>
  )
}

/** Typing does not ask the server at every letter: only a pause, or Enter, does. */
const PAUSE = 500

function Actor({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation()
  const id = useId()
  const [typed, setTyped] = useState(value)
  const { data } = useInfiniteQuery(pages(members))
  useEffect(() => setTyped(value), [value])
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(onChange, PAUSE, typed)
    return () => clearTimeout(timer)
  }, [typed, value, onChange])
  return (
    <Field label={t('audit.who')} className="min-w-0 flex-1 basis-52">
      {control => (
        <>
          <Input
            {...control}
            type="email"
            list={id}
            dir="ltr"
            autoComplete="off"
            value={typed}
            placeholder={t('audit.anybody')}
            onChange={event => setTyped(event.target.value)}
            onKeyDown={event => event.key === 'Enter' && onChange(typed)}
          />
          <datalist id={id}>
            {data?.pages.flatMap(page =>
              page.items.map(member => <option key={member.id} value={member.email} label={member.name} />),
            )}
          </datalist>
        </>
      )}
    </Field>
  )
}
