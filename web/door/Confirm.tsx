import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { CircleCheck, LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { confirm } from '#accounts/contract.ts'
import { call } from '../api.ts'
import { tokenOf } from '../path.ts'
import { buttonLook } from '../ui/button.ts'
import { Notice } from '../ui/Notice.tsx'
import { tell } from '../words/tell.ts'
import { Door } from './Door.tsx'

/** Confirming an e-mail address with the token of a link. */
export function Confirm() {
  const { t } = useTranslation()
  const token = tokenOf(useLocation({ select: place => place.hash }))
  const { data, error } = useQuery({
    queryKey: [confirm.path, token],
    queryFn: () => call(confirm, { body: { token } }),
    enabled: token !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const trouble = token === '' ? t('door.linkEnded') : error ? tell(error, t) : null
  return (
    <Door title={t('door.confirmTitle')}>
      {trouble && <Notice tone="warning">{trouble}</Notice>}
      {data && (
        <p role="status" className="flex items-center gap-3">
          <CircleCheck aria-hidden className="size-6 text-success" /> {t('door.confirmed')}
        </p>
      )}
      {!data && !trouble && (
        <p role="status" className="flex items-center gap-3 text-muted">
          <LoaderCircle aria-hidden className="size-5 animate-spin" /> {t('door.confirming')}
        </p>
      )}
      {(data || trouble) && (
        <Link to="/login" className={buttonLook({ variant: 'primary', size: 'large', wide: true })}>
          {t('door.signIn')}
        </Link>
      )}
    </Door>
  )
}
