import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { workflow, workflows } from '#workflows/drafts/contract.ts'
import { read } from '../../query.ts'
import { lineOf } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'
import { Picker } from './Picker.tsx'

/** Another workflow of the workspace. */
export function WorkflowField(props: FieldProps<LookAs<'workflow'>>) {
  const { t } = useTranslation()
  const { field, value, onChange } = props
  const [typed, setTyped] = useState('')
  const { data, isPending } = useQuery(read(workflows, { query: { limit: 100, ...(typed.trim() ? { q: typed.trim() } : {}) } }))
  const id = lineOf(value)
  const listed = data?.items.find(one => one.id === id)
  // One that stands further down in the list is asked for by itself.
  const far = useQuery({
    ...read(workflow, { params: { id } }),
    enabled: id.startsWith('wfl_') && data !== undefined && !listed,
    retry: false,
  })
  const wanted = /^name:(.+)$/s.exec(id)?.[1]
  const name = listed?.name ?? far.data?.name ?? (wanted === undefined ? id : t('forms.wanted', { name: wanted }))
  return (
    <Frame {...props}>
      {control => (
        <Picker
          control={control}
          title={field.title}
          value={id || null}
          shown={
            <span className={id ? 'truncate' : 'truncate text-muted'} dir="auto">
              {id ? name : t('forms.chooseWorkflow')}
            </span>
          }
          loading={isPending}
          items={(data?.items ?? []).map(one => ({
            value: one.id,
            label: one.name,
            about: t('forms.workflowAbout', { count: one.nodes }) + (one.active ? '' : ` · ${t('forms.asleep')}`),
            also: typed,
          }))}
          onSearch={setTyped}
          onPick={onChange}
        />
      )}
    </Frame>
  )
}
