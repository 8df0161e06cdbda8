import { Link } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { login } from '#accounts/contract.ts'
import type { Reply } from '#http/contract.ts'
import { call } from '../api.ts'
import { useDraft } from '../draft.ts'
import { Button } from '../ui/Button.tsx'
import { Field } from '../ui/Field.tsx'
import { Input, Password } from '../ui/Input.tsx'
import { Notice } from '../ui/Notice.tsx'

type Props = {
  /** The address that must sign in, where it is known already. */
  email?: string
  done: (reply: Reply<typeof login>) => void
  act?: string
}

/** E-mail and password, then a code where the account asks for one. */
export function SignIn({ email = '', done, act }: Props) {
  const { t } = useTranslation()
  const [step, setStep] = useState<'password' | 'code' | 'recovery'>('password')
  const draft = useDraft({
    start: { email, password: '', code: '' },
    schema: login.body,
    shape: ({ code, ...rest }) => (step === 'password' ? rest : { ...rest, code }),
    send: ({ code, ...rest }) => call(login, { body: step === 'password' ? rest : { ...rest, code } }),
    done,
    caught: failure => {
      if (failure.code === 'auth.code_needed') setStep('code')
      return failure.code === 'auth.code_needed'
    },
  })
  const startOver = () => {
    draft.reset({ ...draft.values, code: '', password: '' })
    setStep('password')
  }
  const otherWay = () => {
    draft.set('code', '')
    setStep(step === 'code' ? 'recovery' : 'code')
  }
  if (step !== 'password')
    return (
      <form {...draft.form} className="grid gap-5">
        <div className="flex items-start gap-3 rounded-xl border border-line bg-hover p-3.5">
          <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />
          <p className="text-[0.8125rem] text-muted">{step === 'code' ? t('door.codeAbout') : t('door.recoveryAbout')}</p>
        </div>
        <CodeField key={step} step={step} bind={draft.bind('code')} error={draft.problem('code')} />
        {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
        <Button type="submit" variant="primary" size="large" wide busy={draft.busy}>
          {t('door.signIn')}
        </Button>
        <div className="flex flex-wrap justify-between gap-2">
          <Button variant="quiet" size="small" onClick={startOver}>
            {t('ui.back')}
          </Button>
          <Button variant="quiet" size="small" onClick={otherWay}>
            {step === 'code' ? t('door.useRecovery') : t('door.useCode')}
          </Button>
        </div>
      </form>
    )
  return (
    <form {...draft.form} className="grid gap-5">
      <Field label={t('door.email')} error={draft.problem('email')}>
        {control => (
          <Input {...control} {...draft.bind('email')} type="email" autoComplete="username" readOnly={email !== ''} dir="ltr" />
        )}
      </Field>
      <Field
        label={t('door.password')}
        error={draft.problem('password')}
        aside={
          <Link to="/forgot" className="text-xs text-accent underline-offset-4 hover:underline">
            {t('door.forgot')}
          </Link>
        }
      >
        {control => <Password {...control} {...draft.bind('password')} autoComplete="current-password" />}
      </Field>
      {draft.failure && <Notice tone="danger">{draft.failure}</Notice>}
      <Button type="submit" variant="primary" size="large" wide busy={draft.busy}>
        {act ?? t('door.signIn')}
      </Button>
    </form>
  )
}

type CodeProps = { step: 'code' | 'recovery'; bind: Record<string, unknown>; error: string | undefined }

function CodeField({ step, bind, error }: CodeProps) {
  const { t } = useTranslation()
  const digits = step === 'code'
  return (
    <Field label={digits ? t('door.code') : t('door.recovery')} error={error}>
      {control => (
        <Input
          {...control}
          {...bind}
          autoFocus
          dir="ltr"
          inputMode={digits ? 'numeric' : 'text'}
          autoComplete={digits ? 'one-time-code' : 'off'}
          placeholder={digits ? '000000' : ''}
          spellCheck={false}
          maxLength={40}
          className="h-12 text-center font-mono text-lg tracking-[0.25em]"
        />
      )}
    </Field>
  )
}
