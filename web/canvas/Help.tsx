import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { Keys } from './Keys.tsx'
import { useCommands, useKit } from './open.ts'

const GROUPS = ['edit', 'select', 'arrange', 'view'] as const

/** Every shortcut, in one table. */
export function Help() {
  const { t } = useTranslation()
  const { board } = useKit()
  const commands = useCommands()
  return (
    <Dialog
      open
      size="medium"
      onClose={() => board.setState({ helping: false })}
      title={t('canvas.help.title')}
      about={t('canvas.help.about')}
    >
      {GROUPS.map(group => (
        <section key={group} className="grid gap-1">
          <h3 className="text-xs font-medium text-muted">{t(`canvas.help.${group}`)}</h3>
          <dl className="grid gap-x-8 sm:grid-cols-2">
            {commands
              .filter(one => one.group === group && one.keys.length > 0)
              .map(one => (
                <div
                  key={one.id}
                  className="flex items-center justify-between gap-4 border-b border-line py-1.5 text-[0.8125rem]"
                >
                  <dt>{t(`canvas.do.${one.id}`)}</dt>
                  <dd className="flex gap-2">
                    <Keys keys={one.keys[0] ?? ''} />
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      <p className="text-xs text-muted">{t('canvas.help.mouse')}</p>
      <Actions>
        <Button onClick={() => board.setState({ helping: false })}>{t('ui.close')}</Button>
      </Actions>
    </Dialog>
  )
}
