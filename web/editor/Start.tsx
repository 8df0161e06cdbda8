import { useNavigate } from '@tanstack/react-router'
import { Play } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execute } from '#executions/contract.ts'
import { call } from '../api.ts'
import { type DrawnNode, nameOf } from '../canvas/drawing.ts'
import { useCatalogue, useDraft } from '../canvas/open.ts'
import { Form } from '../forms/Form.tsx'
import { useWhy } from '../frame/me.ts'
import { Button } from '../ui/Button.tsx'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Select } from '../ui/Select.tsx'
import { tell } from '../words/tell.ts'
import { askedBy, inputAtFirst, startsOf } from './input.ts'

const ANY = { type: 'object', properties: { input: { title: 'JSON', ui: 'json' } } }

/** Runs what is drawn, with what its trigger asks for. */
export function Start({ id, ready }: { id: string; ready: boolean }) {
  const { t } = useTranslation()
  const catalogue = useCatalogue()
  const drawing = useDraft(it => it.drawing)
  const [open, setOpen] = useState(false)
  const why = useWhy(execute)
  const starts = startsOf(drawing, catalogue)
  return (
    <>
      <Button
        size="small"
        variant="primary"
        icon={<Play aria-hidden className="size-4" />}
        why={why ?? (starts.length === 0 ? t('editor.noStart') : undefined)}
        busy={!ready}
        onClick={() => setOpen(true)}
      >
        {t('editor.run')}
      </Button>
      {open && <Ask id={id} starts={starts} onClose={() => setOpen(false)} />}
    </>
  )
}

type AskProps = { id: string; starts: readonly DrawnNode[]; onClose: () => void }

function Ask({ id, starts, onClose }: AskProps) {
  const { t } = useTranslation()
  const go = useNavigate()
  const [key, setKey] = useState(starts[0]?.key ?? '')
  const start = starts.find(one => one.key === key)
  const schema = start ? askedBy(start) : null
  const [input, setInput] = useState<Record<string, unknown>>(() => inputAtFirst(schema))
  const [failure, setFailure] = useState<string>()
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      const body = { version: 'draft' as const, node: key, input: schema ? input : (input.input ?? {}) }
      const { executionId } = await call(execute, { params: { id }, body })
      await go({ to: '/execution/$id', params: { id: executionId } })
    } catch (error) {
      setFailure(tell(error, t))
      setBusy(false)
    }
  }
  return (
    <Dialog open onClose={onClose} size="medium" title={t('editor.runTitle')} about={t('editor.runAbout')}>
      <form
        className="grid gap-5"
        onSubmit={event => {
          event.preventDefault()
          void run()
        }}
      >
        {starts.length > 1 && (
          <Field label={t('editor.runAt')}>
            {control => (
              <Select
                {...control}
                value={key}
                choices={starts.map(one => ({ value: one.key, label: nameOf(one) }))}
                onChange={next => {
                  setKey(next)
                  const chosen = starts.find(one => one.key === next)
                  setInput(inputAtFirst(chosen ? askedBy(chosen) : null))
                }}
              />
            )}
          </Field>
        )}
        <Form key={key} schema={schema ?? ANY} value={input} onChange={setInput} reach={() => null} />
        {failure && <Notice tone="danger">{failure}</Notice>}
        <Actions>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy}>
            {t('editor.run')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  )
}
