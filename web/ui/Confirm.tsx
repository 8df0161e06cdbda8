import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './Button.tsx'
import { Actions, Dialog } from './Dialog.tsx'
import { Field } from './Field.tsx'
import { Input } from './Input.tsx'
import { Notice } from './Notice.tsx'

type Props = {
  open: boolean
  onClose: () => void
  title: string
  about: ReactNode
  /** The words on the button that does it. */
  act: string
  /** Does it; what it rejects with is shown by `problem`. */
  onAct: () => void
  busy?: boolean | undefined
  problem?: string | undefined
  /** What has to be typed first, for what cannot be undone. */
  type?: { label: string; text: string }
  children?: ReactNode
}

/** Asks before something is destroyed, and names it. */
export function Confirm({ open, onClose, title, about, act, onAct, busy, problem, type, children }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const matches = type === undefined || typed.trim() === type.text.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (matches && !busy) onAct()
  }
  const close = () => {
    setTyped('')
    onClose()
  }
  return (
    <Dialog open={open} onClose={close} title={title} about={about}>
      <form onSubmit={submit} className="grid gap-5" noValidate>
        {children}
        {type && (
          <Field label={type.label}>
            {control => (
              <Input
                {...control}
                value={typed}
                onChange={event => setTyped(event.target.value)}
                autoComplete="off"
                spellCheck={false}
              />
            )}
          </Field>
        )}
        {problem && <Notice tone="danger">{problem}</Notice>}
        <Actions>
          <Button onClick={close}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="destroy" busy={busy} why={matches ? undefined : t('ui.typeFirst')}>
            {act}
          </Button>
        </Actions>
      </form>
    </Dialog>
  )
}
