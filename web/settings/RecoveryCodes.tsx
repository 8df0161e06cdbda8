import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { saveAs } from '../save.ts'
import { Button } from '../ui/Button.tsx'
import { Copy } from '../ui/Copy.tsx'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { Notice } from '../ui/Notice.tsx'

/** Recovery codes, shown once. */
export function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { t } = useTranslation()
  const [kept, setKept] = useState(false)
  const text = codes.join('\n')
  return (
    <Dialog open onClose={onClose} firm title={t('twoFactor.codes')} about={t('twoFactor.codesAbout')}>
      <ul
        aria-label={t('twoFactor.codes')}
        className="grid grid-cols-2 gap-x-4 gap-y-2 rounded-xl border border-line bg-well p-4 font-mono text-sm"
      >
        {codes.map(code => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2.5">
        <Copy text={text} label={t('twoFactor.copyAll')} />
        <Button
          size="small"
          icon={<Download aria-hidden className="size-4" />}
          onClick={() => saveAs('promptpilot-recovery-codes.txt', new Blob([`${text}\n`], { type: 'text/plain' }))}
        >
          {t('ui.download')}
        </Button>
      </div>
      <Notice tone="warning">{t('twoFactor.once')}</Notice>
      <label className="flex cursor-pointer items-start gap-2.5 text-sm">
        <input
          type="checkbox"
          checked={kept}
          onChange={event => setKept(event.target.checked)}
          className="mt-0.5 size-4 accent-accent"
        />
        {t('twoFactor.kept')}
      </label>
      <Actions>
        <Button variant="primary" why={kept ? undefined : t('twoFactor.keepFirst')} onClick={onClose}>
          {t('ui.done')}
        </Button>
      </Actions>
    </Dialog>
  )
}
