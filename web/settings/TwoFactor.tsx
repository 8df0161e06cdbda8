import { ShieldCheck, ShieldOff } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { confirmTwoFactor, disableTwoFactor, enableTwoFactor, me, recoveryCodes } from '#accounts/contract.ts'
import type { Reply } from '#http/contract.ts'
import { call } from '../api.ts'
import { useDraft } from '../draft.ts'
import { useMe } from '../frame/me.ts'
import { queries } from '../query.ts'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Copy } from '../ui/Copy.tsx'
import { Actions, Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { Input, Password } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'
import { say } from '../ui/toasts.ts'
import { Qr } from './Qr.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import { secretOf } from './secret.ts'

type Begun = Reply<typeof enableTwoFactor>
type Step =
  | { at: 'closed' }
  | { at: 'password'; then: 'on' | 'off' | 'codes' }
  | { at: 'scan'; begun: Begun }
  | { at: 'codes'; codes: string[] }

/** A second factor besides the password: on, off, and its recovery codes. */
export function TwoFactor() {
  const { t } = useTranslation()
  const { user } = useMe()
  const [step, setStep] = useState<Step>({ at: 'closed' })
  const close = () => setStep({ at: 'closed' })
  const ask = (then: 'on' | 'off' | 'codes') => () => setStep({ at: 'password', then })
  const changed = () => queries.invalidateQueries({ queryKey: [me.path] })
  return (
    <Card
      title={t('twoFactor.title')}
      about={t('twoFactor.about')}
      action={
        user.twoFactor ? (
          <Badge tone="success" icon={<ShieldCheck aria-hidden />}>
            {t('twoFactor.on')}
          </Badge>
        ) : (
          <Badge tone="quiet" icon={<ShieldOff aria-hidden />}>
            {t('twoFactor.off')}
          </Badge>
        )
      }
    >
      <div className="flex flex-wrap gap-2.5">
        {user.twoFactor ? (
          <>
            <Button onClick={ask('codes')}>{t('twoFactor.newCodes')}</Button>
            <Button variant="danger" onClick={ask('off')}>
              {t('twoFactor.turnOff')}
            </Button>
          </>
        ) : (
          <Button onClick={ask('on')}>{t('twoFactor.turnOn')}</Button>
        )}
      </div>
      <AskPassword
        step={step}
        onClose={close}
        onBegun={begun => setStep({ at: 'scan', begun })}
        onCodes={codes => setStep({ at: 'codes', codes })}
        onOff={() => {
          close()
          void changed()
          say(t('twoFactor.turnedOff'))
        }}
      />
      {step.at === 'scan' && (
        <Scan
          begun={step.begun}
          onClose={close}
          onDone={() => changed().then(() => setStep({ at: 'codes', codes: step.begun.recoveryCodes }))}
        />
      )}
      {step.at === 'codes' && <RecoveryCodes codes={step.codes} onClose={close} />}
    </Card>
  )
}

type AskProps = {
  step: Step
  onClose: () => void
  onBegun: (begun: Begun) => void
  onCodes: (codes: string[]) => void
  onOff: () => void
}

function AskPassword({ step, onClose, onBegun, onCodes, onOff }: AskProps) {
  const { t } = useTranslation()
  if (step.at !== 'password') return null
  const { then } = step
  const send = async ({ password }: { password: string }) => {
    const body = { password }
    if (then === 'on') return onBegun(await call(enableTwoFactor, { body }))
    if (then === 'codes') return onCodes((await call(recoveryCodes, { body })).recoveryCodes)
    await call(disableTwoFactor, { body })
    return onOff()
  }
  return (
    <Dialog open onClose={onClose} title={t(`twoFactor.ask.${then}`)} about={t(`twoFactor.askAbout.${then}`)}>
      <PasswordForm send={send} onClose={onClose} destroys={then === 'off'} act={t(`twoFactor.askAct.${then}`)} />
    </Dialog>
  )
}

type FormProps = { send: (values: { password: string }) => Promise<void>; onClose: () => void; act: string; destroys: boolean }

function PasswordForm({ send, onClose, act, destroys }: FormProps) {
  const { t } = useTranslation()
  const draft = useDraft({ start: { password: '' }, schema: disableTwoFactor.body, send, done: () => {} })
  return (
    <form {...draft.form} className="grid gap-5">
      <Field label={t('security.current')} error={draft.problem('password')}>
        {control => <Password {...control} {...draft.bind('password')} autoComplete="current-password" />}
      </Field>
      {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
      <Actions>
        <Button onClick={onClose}>{t('ui.cancel')}</Button>
        <Button type="submit" variant={destroys ? 'destroy' : 'primary'} busy={draft.busy}>
          {act}
        </Button>
      </Actions>
    </form>
  )
}

function Scan({ begun, onClose, onDone }: { begun: Begun; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation()
  const secret = secretOf(begun.uri)
  const field = useRef<HTMLInputElement>(null)
  const draft = useDraft({
    start: { code: '' },
    schema: confirmTwoFactor.body,
    send: values => call(confirmTwoFactor, { body: values }),
    done: () => {
      say(t('twoFactor.turnedOn'))
      onDone()
    },
  })
  return (
    <Dialog open onClose={onClose} firm first={field} title={t('twoFactor.scan')} about={t('twoFactor.scanAbout')}>
      <Qr text={begun.uri} label={t('twoFactor.qr')} />
      <div className="grid gap-1.5">
        <p className="text-xs text-muted">{t('twoFactor.byHand')}</p>
        <div className="flex items-center justify-between gap-3 rounded-lg border border-line bg-well py-1 pr-1 pl-3">
          <code className="min-w-0 text-[0.8125rem] tracking-wide">{secret.match(/.{1,4}/g)?.join(' ')}</code>
          <Copy text={secret} bare variant="quiet" />
        </div>
      </div>
      <form {...draft.form} className="grid gap-5">
        <Field label={t('twoFactor.first')} error={draft.problem('code')}>
          {control => (
            <Input
              ref={field}
              {...control}
              {...draft.bind('code')}
              dir="ltr"
              inputMode="numeric"
              autoComplete="one-time-code"
              placeholder="000000"
              maxLength={7}
              className="h-12 text-center font-mono text-lg tracking-[0.25em]"
            />
          )}
        </Field>
        {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
        <Actions>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" busy={draft.busy}>
            {t('twoFactor.confirm')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  )
}
