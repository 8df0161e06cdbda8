import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { STATUSES } from '#executions/contract.ts'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { type Filter, filterOf, STARTS } from './filter.ts'
import { useChoices } from './names.ts'
import { startWord } from './Row.tsx'

/** What the list of executions is narrowed by. */
export function Filters({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const { t } = useTranslation()
  const workflows = useChoices()
  const set = (next: Record<string, unknown>) => onChange(filterOf({ ...filter, ...next }))
  const { workflow, trigger } = filter
  const others = workflow && !workflows.some(({ value }) => value === workflow) ? [{ value: workflow, label: workflow }] : []
  const starts = [...STARTS, ...(trigger && !STARTS.some(one => one === trigger) ? [trigger] : [])]
  return (
    <search className="flex flex-wrap items-end gap-3">
      <Field label={t('runs.workflow')} className="min-w-0 flex-1 basis-48">
        {control => (
          <Select
            {...control}
            value={workflow ?? ''}
            choices={[{ value: '', label: t('runs.any') }, ...workflows, ...others]}
            onChange={value => set({ workflow: value })}
          />
        )}
      </Field>
      <Field label={t('runs.state')} className="min-w-0 flex-1 basis-40">
        {control => (
          <Select
            {...control}
            value={filter.dead ? 'dead' : (filter.status ?? '')}
            choices={[
              { value: '', label: t('runs.any') },
              ...STATUSES.map(value => ({ value, label: t(`runs.status.${value}`) })),
              { value: 'dead', label: t('runs.dead'), about: t('runs.deadAbout') },
            ]}
            onChange={value => set(value === 'dead' ? { dead: true, status: undefined } : { status: value, dead: undefined })}
          />
        )}
      </Field>
      <Field label={t('runs.startedBy')} className="min-w-0 flex-1 basis-40">
        {control => (
          <Select
            {...control}
            value={trigger ?? ''}
            choices={[{ value: '', label: t('runs.any') }, ...starts.map(value => ({ value, label: startWord(value, t) }))]}
            onChange={value => set({ trigger: value })}
          />
        )}
      </Field>
      {Object.keys(filter).length > 0 && (
        <Button variant="quiet" className="h-10" icon={<X aria-hidden className="size-4" />} onClick={() => onChange({})}>
          {t('runs.clear')}
        </Button>
      )}
    </search>
  )
}
