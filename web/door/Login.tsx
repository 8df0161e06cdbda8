import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ways } from '#accounts/contract.ts'
import { read } from '../query.ts'
import { Notice } from '../ui/Notice.tsx'
import { Door } from './Door.tsx'
import { enter } from './enter.ts'
import { Providers } from './Providers.tsx'
import { SignIn } from './SignIn.tsx'

const route = getRouteApi('/login')

/** Signing in. */
export function Login() {
  const { t } = useTranslation()
  const { next, error } = route.useSearch()
  const navigate = useNavigate()
  const { data } = useSuspenseQuery(read(ways))
  return (
    <Door
      title={t('door.welcome')}
      about={next ? t('door.goOn') : t('door.welcomeAbout')}
      foot={<Foot register={data.register} mail={data.mail} />}
    >
      {error && <Notice tone="danger">{t('door.providerRefused', { error })}</Notice>}
      <SignIn done={() => enter(navigate, next)} />
      <Providers providers={data.providers} next={next ?? '/home'} />
    </Door>
  )
}

function Foot({ register, mail }: { register: 'first' | 'open' | 'invited'; mail: boolean }) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-2">
      {register === 'open' ? (
        <p>
          {t('door.newHere')}{' '}
          <Link to="/register" className="text-accent underline-offset-4 hover:underline">
            {t('door.createAccount')}
          </Link>
        </p>
      ) : (
        <p>{t('door.newHereInvited')}</p>
      )}
      {!mail && <p>{t('door.linkInLog')}</p>}
    </div>
  )
}
