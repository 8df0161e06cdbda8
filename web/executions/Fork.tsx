import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type execution, executions, fork } from '#executions/contract.ts'
import type { Reply } from '#http/contract.ts'
import { type Drawing, nameOf } from '../canvas/drawing.ts'
import { readJson } from '../forms/json.ts'
import { patiently } from '../frame/reach.ts'
import { useAct } from '../query.ts'
import { Button } from '../ui/Button.tsx'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Select } from '../ui/Select.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { tell } from '../words/tell.ts'

const Editor = lazy(() => patiently(() => import('../forms/code/Editor.tsx')).then(it => ({ default: it.Editor })))

type Props = { execution: Reply<typeof execution>; drawing: Drawing; onClose: () => void }

/** Goes another way: everything before a node stays, the node and what follows runs anew with a change. */
export function Fork({ execution, drawing, onClose }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const nodes = drawing.nodes.filter(node => node.parent === undefined)
  const triggers = new Set(drawing.nodes.filter(({ id }) => !drawing.edges.some(edge => edge.target === id)).map(({ id }) => id))
  const failed = execution.error?.path?.split(/[.[]/, 1)[0]
  const first = nodes.find(({ key }) => key === failed) ?? nodes.find(({ id }) => !triggers.has(id)) ?? nodes[0]
  const [what, setWhat] = useState<'node' | 'input'>('node')
  const [key, setKey] = useState(first?.key ?? '')
  const [params, setParams] = useState<Record<string, string>>({})
  const [input, setInput] = useState(() => JSON.stringify(execution.input ?? {}, null, 2))
  const node = nodes.find(one => one.key === key)
  const text = what === 'input' ? input : (params[key] ?? JSON.stringify(node?.params ?? {}, null, 2))
  const json = readJson(text)
  const problem =
    json.is === 'wrong' ? t('runs.noJson', { line: json.line }) : what === 'node' && !isObject(json) ? t('runs.noObject') : null
  const act = useAct(fork, {
    refresh: [executions],
    quiet: true,
    done: ({ executionId }) => {
      onClose()
      void navigate({ to: '/execution/$id', params: { id: executionId } })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (problem !== null || act.isPending) return
    const value = json.is === 'value' ? json.value : {}
    const from = what === 'input' ? (nodes.find(({ id }) => triggers.has(id))?.key ?? key) : key
    const changes = what === 'input' ? { input: value } : { params: Object.fromEntries(Object.entries(Object(value))) }
    act.mutate({ params: { id: execution.id }, body: { from, changes } })
  }
  return (
    <Dialog open onClose={onClose} title={t('runs.forkTitle')} about={t('runs.forkAbout')} size="medium">
      <form onSubmit={submit} className="grid min-w-0 grid-cols-1 gap-5" noValidate>
        <Segments
          label={t('runs.forkWhat')}
          value={what}
          onChange={setWhat}
          choices={[
            { value: 'node', label: t('runs.forkNode') },
            { value: 'input', label: t('runs.forkInput') },
          ]}
        />
        {what === 'node' && (
          <Field label={t('runs.forkFrom')} hint={t('runs.forkFromHint')}>
            {control => (
              <Select
                {...control}
                value={key}
                choices={nodes.map(one => ({ value: one.key, label: nameOf(one), about: one.key }))}
                onChange={setKey}
              />
            )}
          </Field>
        )}
        <div className="grid min-w-0 gap-1.5">
          <span className="text-[0.8125rem] font-medium">{t(what === 'input' ? 'runs.input' : 'runs.params')}</span>
          <Suspense fallback={<Skeleton className="h-40 rounded-lg" />}>
            <Editor
              key={`${what} ${key}`}
              language="json"
              label={t(what === 'input' ? 'runs.input' : 'runs.params')}
              value={text}
              onChange={next => (what === 'input' ? setInput(next) : setParams(before => ({ ...before, [key]: next })))}
              invalid={problem !== null}
              tall
            />
          </Suspense>
          {problem !== null && (
            <p role="alert" className="text-xs text-danger">
              {problem}
            </p>
          )}
        </div>
        {act.error && <Notice tone="danger">{tell(act.error, t)}</Notice>}
        <Actions>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" busy={act.isPending} why={problem ?? undefined}>
            {t('runs.forkAct')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  )
}

const isObject = (json: ReturnType<typeof readJson>): boolean =>
  json.is === 'nothing' ||
  (json.is === 'value' && json.value !== null && typeof json.value === 'object' && !Array.isArray(json.value))
