import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { Input } from '../ui/Input.tsx'
import { wrongKey } from './actions/keys.ts'
import { rekey, rename } from './actions/rename.ts'
import { change } from './draft.ts'
import { nodeOf } from './drawing.ts'
import { calledBy } from './names.ts'
import { useCatalogue, useKit } from './open.ts'

/** Changes the name and the key of a node. */
export function Rename({ id }: { id: string }) {
  const { t } = useTranslation()
  const { draft, board } = useKit()
  const catalogue = useCatalogue()
  const { drawing } = draft.getState()
  const node = nodeOf(drawing, id)
  const [name, setName] = useState(node?.name ?? '')
  const [key, setKey] = useState(node?.key ?? '')
  const close = () => board.setState({ renaming: null })
  if (!node) return null
  const why = wrongKey(drawing, id, key)
  return (
    <Dialog open onClose={close} title={t('canvas.do.rename')}>
      <form
        className="grid gap-5"
        onSubmit={event => {
          event.preventDefault()
          if (why) return
          change(draft, 'rename', now => rekey(rename(now, id, name), id, key, catalogue))
          close()
        }}
      >
        <Field label={t('canvas.rename.name')}>
          {control => (
            <Input
              {...control}
              value={name}
              maxLength={200}
              placeholder={calledBy({ ...node, name: '' }, catalogue.of(node))}
              onChange={event => setName(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('canvas.rename.key')}
          hint={t('canvas.rename.keyHint', { key: key || 'key' })}
          error={why ? t(`canvas.rename.${why}`) : undefined}
        >
          {control => (
            <Input
              {...control}
              dir="ltr"
              spellCheck={false}
              autoCapitalize="none"
              value={key}
              onChange={event => setKey(event.target.value.trim())}
              className="font-mono"
            />
          )}
        </Field>
        <Actions>
          <Button onClick={close}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" why={why ? t(`canvas.rename.${why}`) : undefined}>
            {t('ui.save')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  )
}
