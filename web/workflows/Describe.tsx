import { CircleCheck, CircleDashed, LoaderCircle, RotateCcw, Sparkles, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createWorkflow } from '#workflows/drafts/contract.ts'
import { useWhy } from '../frame/me.ts'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { inputLook } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { tell } from '../words/tell.ts'
import { type Made, useDesign } from './design.ts'
import { useMake } from './open.ts'
import type { Story } from './story.ts'

type Props = { folder?: string | undefined; onClose: () => void }

/** Says in words what a workflow is to do; a model draws it, and it is looked at before it is saved. */
export function Describe({ folder, onClose }: Props) {
  const { t } = useTranslation()
  const [prompt, setPrompt] = useState('')
  const design = useDesign()
  const make = useMake(true)
  const why = useWhy(createWorkflow)
  const { story, made, problem, busy } = design
  const ask = () => {
    if (prompt.trim() !== '' && !busy) design.ask(prompt)
  }
  const save = () => made && make.mutate({ body: { ...made.workflow, ...(folder ? { folderId: folder } : {}) } })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('workflows.describe')}
      about={t('workflows.describeAbout')}
      size="medium"
      firm={busy || made !== null}
    >
      {made ? (
        <Result made={made} />
      ) : (
        <form
          className="grid gap-4"
          onSubmit={event => {
            event.preventDefault()
            ask()
          }}
        >
          <Field label={t('workflows.sentence')} hint={t('workflows.sentenceHint')}>
            {control => (
              <textarea
                {...control}
                dir="auto"
                rows={4}
                maxLength={8000}
                readOnly={busy}
                value={prompt}
                onChange={event => setPrompt(event.target.value)}
                onKeyDown={event => {
                  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) ask()
                }}
                className={classes(inputLook, 'h-auto resize-y py-2.5 leading-relaxed pointer-coarse:h-auto')}
              />
            )}
          </Field>
          {!busy && (
            <div className="flex flex-wrap gap-2">
              {(['one', 'two', 'three'] as const).map(word => (
                <Button
                  key={word}
                  size="small"
                  className="whitespace-normal text-left h-auto min-h-8 py-1 shrink"
                  onClick={() => setPrompt(t(`workflows.sentences.${word}`))}
                >
                  {t(`workflows.sentences.${word}`)}
                </Button>
              ))}
            </div>
          )}
        </form>
      )}
      {story && !made && <Progress story={story} />}
      {problem !== null && <Notice tone="danger">{problem}</Notice>}
      {make.error && <Notice tone="danger">{tell(make.error, t)}</Notice>}
      <Actions>
        {made ? (
          <>
            <Button icon={<RotateCcw aria-hidden className="size-4" />} onClick={design.back}>
              {t('workflows.otherWords')}
            </Button>
            <Button variant="primary" busy={make.isPending} why={why} onClick={save}>
              {t('workflows.saveAndOpen')}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={busy ? design.back : onClose}>{busy ? t('workflows.stop') : t('ui.cancel')}</Button>
            <Button
              variant="primary"
              busy={busy}
              why={why ?? (prompt.trim() === '' ? t('workflows.sayFirst') : undefined)}
              icon={<Sparkles aria-hidden className="size-4" />}
              onClick={ask}
            >
              {t('workflows.design')}
            </Button>
          </>
        )}
      </Actions>
    </Dialog>
  )
}

function Progress({ story: { is, nodes } }: { story: Story }) {
  const { t } = useTranslation()
  if (is === 'failed' || is === 'done') return null
  return (
    <div role="status" className="grid gap-3 rounded-xl border border-line bg-well p-4">
      <p className="flex items-center gap-2.5 text-sm font-medium">
        <LoaderCircle aria-hidden className="size-4 animate-spin text-accent" />
        {t(`workflows.story.${is}`)}
      </p>
      {nodes.length > 0 && <Boxes nodes={nodes} />}
    </div>
  )
}

function Result({ made: { workflow, explanation, problems, model, demo } }: { made: Made }) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const open = problems.filter(({ severity }) => severity === 'error')
  return (
    <section aria-label={workflow.name} className="grid gap-4">
      <div className="flex flex-wrap items-center gap-2.5">
        <h3 ref={heading} tabIndex={-1} dir="auto" className="text-base outline-none">
          {workflow.name}
        </h3>
        <Badge tone={demo ? 'warning' : 'info'} mono>
          {model}
        </Badge>
      </div>
      <p dir="auto" className="whitespace-pre-line text-muted">
        {explanation}
      </p>
      <div className="rounded-xl border border-line bg-well p-4">
        <Boxes nodes={workflow.nodes.map(({ key, block, name = '' }) => ({ key, block, name }))} done />
      </div>
      {open.length > 0 && (
        <Notice tone="warning" title={t('workflows.toMend', { count: open.length })}>
          <ul className="grid list-disc gap-1 pl-4">
            {open.slice(0, 6).map(({ message, node, field }) => (
              <li key={`${node} ${field} ${message}`}>{message}</li>
            ))}
          </ul>
        </Notice>
      )}
    </section>
  )
}

function Boxes({ nodes, done = false }: { nodes: Story['nodes']; done?: boolean }) {
  const Icon = done ? CircleCheck : CircleDashed
  return (
    <ol className="grid gap-2">
      {nodes.map(({ key, block, name }) => (
        <li key={key} className="appear flex min-w-0 items-center gap-2.5 text-[0.8125rem]">
          {block === '' ? (
            <TriangleAlert aria-hidden className="size-4 shrink-0 text-warning" />
          ) : (
            <Icon aria-hidden className={classes('size-4 shrink-0', done ? 'text-success' : 'text-muted')} />
          )}
          <bdi className="truncate font-medium">{name || key}</bdi>
          <code className="truncate text-xs text-muted">{block}</code>
        </li>
      ))}
    </ol>
  )
}
