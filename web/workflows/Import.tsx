import { useNavigate } from '@tanstack/react-router'
import { FileUp } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { workflows } from '#workflows/drafts/contract.ts'
import { importWorkflow } from '#workflows/exchange/contract.ts'
import { callWith } from '../api.ts'
import { useWhy } from '../frame/me.ts'
import { queries } from '../query.ts'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { inputLook } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'
import { each } from './each.ts'
import { workflowsIn } from './file.ts'

/** Brings workflows in, from files or from what was pasted. */
export function Import({ folder, onClose }: { folder?: string | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const chooser = useRef<HTMLInputElement>(null)
  const why = useWhy(importWorkflow)

  const bring = async (found: readonly Record<string, unknown>[]) => {
    setBusy(true)
    setProblem(undefined)
    const made: { id: string; open: number }[] = []
    const query = folder ? { folderId: folder } : {}
    const { failed } = await each(found, async body => {
      const { id, problems } = await callWith(importWorkflow, { query, body }, {})
      made.push({ id, open: problems.filter(({ severity }) => severity === 'error').length })
    })
    setBusy(false)
    await queries.invalidateQueries({ queryKey: [workflows.path] })
    const [first] = failed
    if (first) return setProblem(tell(first.error, t))
    const [only] = made
    const open = made.reduce((sum, one) => sum + one.open, 0)
    say(t('workflows.imported', { count: made.length }), 'success', open > 0 ? t('workflows.toMend', { count: open }) : undefined)
    if (made.length === 1 && only) void navigate({ to: '/workflow/$id', params: { id: only.id } })
    else onClose()
  }
  const take = (texts: readonly string[]) => {
    const found = texts.map(workflowsIn)
    if (found.some(list => list === null)) return setProblem(t('workflows.notAWorkflow'))
    void bring(found.flatMap(list => list ?? []))
  }
  const choose = async (files: readonly File[]) => {
    if (files.length > 0) take(await Promise.all(files.map(file => file.text())))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) take([text])
  }
  return (
    <Dialog open onClose={onClose} title={t('workflows.import')} about={t('workflows.importAbout')} size="medium">
      <form
        onSubmit={submit}
        onDragOver={event => event.preventDefault()}
        onDrop={event => {
          event.preventDefault()
          void choose([...event.dataTransfer.files])
        }}
        className="grid gap-4"
      >
        <input
          ref={chooser}
          type="file"
          accept=".json,application/json"
          multiple
          hidden
          aria-label={t('workflows.chooseFiles')}
          onChange={event => {
            const files = [...(event.target.files ?? [])]
            event.target.value = ''
            void choose(files)
          }}
        />
        <Button icon={<FileUp aria-hidden className="size-4" />} busy={busy} why={why} onClick={() => chooser.current?.click()}>
          {t('workflows.chooseFiles')}
        </Button>
        <Field label={t('workflows.orPaste')}>
          {control => (
            <textarea
              {...control}
              rows={7}
              spellCheck={false}
              dir="ltr"
              value={text}
              placeholder={'{ "name": "…", "nodes": [ … ] }'}
              onChange={event => setText(event.target.value)}
              className={classes(inputLook, 'h-auto resize-y py-2.5 font-mono text-[0.8125rem] pointer-coarse:h-auto')}
            />
          )}
        </Field>
        {problem && <Notice tone="danger">{problem}</Notice>}
        <Actions>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            busy={busy}
            why={why ?? (text.trim() === '' ? t('workflows.pasteFirst') : undefined)}
          >
            {t('workflows.importAct')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  )
}
