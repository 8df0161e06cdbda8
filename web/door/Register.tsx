import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { MailCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ways } from '#accounts/contract.ts'
import { read } from '../query.ts'
import { buttonLook } from '../ui/button.ts'
import { Notice } from '../ui/Notice.tsx'
import { Door } from './Door.tsx'
import { enter } from './enter.ts'
import { NewAccount } from './NewAccount.tsx'
import { Providers } from './Providers.tsx'

/** Making an account: the first one of an installation, or one where registration is open. */
export function Register() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { data } = useSuspenseQuery(read(ways))
  const [mailed, setMailed] = useState<string>()
  const signIn = (
    <p>
      {t('door.haveAccount')}{' '}
      <Link to="/login" className="text-accent underline-offset-4 hover:underline">
        {t('door.signIn')}
      </Link>
    </p>
  )
  if (mailed)
    return (
      <Door title={t('door.mailedTitle')} foot={signIn}>
        <div className="grid justify-items-start gap-4">
          <MailCheck aria-hidden className="size-8 text-success" />
          <p>{t('door.mailed', { email: mailed })}</p>
        </div>
      </Door>
    )
  if (data.register === 'invited')
    return (
      <Door title={t('door.closedTitle')} about={t('door.closedAbout')}>
        <Notice>{t('door.closedHow')}</Notice>
        <Link to="/login" className={buttonLook({ variant: 'primary', size: 'large', wide: true })}>
          {t('door.signIn')}
        </Link>
      </Door>
    )
  const first = data.register === 'first'
  return (
    <Door
      title={first ? t('door.firstTitle') : t('door.openTitle')}
      about={first ? t('door.firstAbout') : t('door.openAbout')}
      foot={first ? t('door.firstFoot') : signIn}
    >
      <NewAccount
        act={first ? t('door.firstAct') : t('door.createAccount')}
        done={reply => (reply.token === null ? setMailed(reply.user.email) : void enter(navigate))}
      />
      <Providers providers={data.providers} next="/home" />
    </Door>
  )
}
