import { Check, CircleAlert, LoaderCircle } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../ui/Notice.tsx'
import { tell } from '../words/tell.ts'
import type { Shown } from './check.ts'
import { Output } from './Output.tsx'
import { Page } from './Page.tsx'
import { follow, type Result } from './run.ts'
import { Another, Told } from './Thanks.tsx'

/** Where something that was sent stands: its status, what it has said so far, its end, or why it cannot be followed. */
type Standing = { status: Result['status']; text: string; end: Result | null; error: unknown }

const START: Standing = { status: 'queued', text: '', end: null, error: null }

function useRun(token: string): Standing {
  const [standing, setStanding] = useState(START)
  useEffect(() => {
    const over = new AbortController()
    const set = (part: Partial<Standing>) => {
      if (!over.signal.aborted) setStanding(before => ({ ...before, ...part }))
    }
    setStanding(START)
    follow(token, { status: status => set({ status }), text: text => set({ text }), signal: over.signal }).then(
      end => set({ end }),
      error => set({ error }),
    )
    return () => over.abort()
  }, [token])
  return standing
}

/** What becomes of what was sent. */
export function Run({ shown, follow: token, again }: { shown: Shown; follow: string; again: () => void }) {
  const { t } = useTranslation()
  const { status, text, end, error } = useRun(token)
  if (error)
    return (
      <Page title={shown.title ?? t('share.form')}>
        <Notice tone="danger">{tell(error, t)}</Notice>
        <Another again={again} />
      </Page>
    )
  if (!end)
    return (
      <Page title={t('share.working')} icon={<LoaderCircle className="animate-spin" />}>
        <Told>
          <p className="text-muted">{status === 'paused' ? t('share.waiting') : t('share.workingAbout')}</p>
          {text !== '' && (
            <p className="whitespace-pre-wrap" dir="auto">
              {text}
            </p>
          )}
        </Told>
      </Page>
    )
  const failed = end.status !== 'completed'
  return (
    <Page
      title={failed ? t('share.failed') : (shown.title ?? t('share.result'))}
      icon={failed ? <CircleAlert className="text-danger" /> : <Check className="text-success" />}
    >
      <Told key="end">
        {failed ? (
          <>
            <p className="text-muted">{t('share.failedAbout')}</p>
            <code className="text-xs">{end.id}</code>
          </>
        ) : (
          <Output value={end.output} />
        )}
      </Told>
      <Another again={again} />
    </Page>
  )
}
