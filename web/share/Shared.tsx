import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Unlink } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { form } from '#triggers/pages/contract.ts'
import { Failure } from '../api.ts'
import { Again } from '../frame/Trouble.tsx'
import { keep, recall } from '../keep.ts'
import { read } from '../query.ts'
import { Skeleton } from '../ui/Skeleton.tsx'
import { Chat } from './Chat.tsx'
import { Form } from './Form.tsx'
import { Page } from './Page.tsx'
import { Unlock } from './Unlock.tsx'

const formRoute = getRouteApi('/form/$key')
const chatRoute = getRouteApi('/chat/$key')

/** A form that somebody shared. */
export const SharedForm = () => <Shared at={formRoute.useParams().key} />

/** A chat that somebody shared. */
export const SharedChat = () => <Shared at={chatRoute.useParams().key} />

function Shared({ at }: { at: string }) {
  const { t } = useTranslation()
  const [token, setToken] = useState(recall(`open.${at}`, 'session') ?? undefined)
  const opened = (next: string | undefined) => {
    keep(`open.${at}`, next ?? null, 'session')
    setToken(next)
  }
  const { data, error, refetch } = useQuery({
    ...read(form, { params: { key: at }, query: { token } }),
    // What somebody is filling in does not change under their hands.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  if (error instanceof Failure && error.status < 500 && error.status !== 0 && error.status !== 429)
    return <Page title={t('share.gone')} about={t('share.goneAbout')} icon={<Unlink />} />
  if (error && !data)
    return (
      <main className="grid min-h-dvh place-items-center p-4">
        <h1 className="sr-only">{t('trouble.title')}</h1>
        <Again title={t('trouble.title')} error={error} onAgain={() => void refetch()} />
      </main>
    )
  if (!data) return <Coming />
  if (data.locked) return <Unlock at={at} done={opened} />
  const shared = { at, shown: data, token, locked: () => opened(undefined) }
  return data.as === 'chat' ? <Chat {...shared} /> : <Form {...shared} />
}

function Coming() {
  const { t } = useTranslation()
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-xl content-center gap-5 px-4">
      <div role="status" aria-label={t('ui.loading')} className="card grid gap-5 p-9">
        <Skeleton className="h-7 w-3/5" />
        <Skeleton className="w-full" />
        <Skeleton className="h-10" />
        <Skeleton className="h-10" />
      </div>
    </main>
  )
}
