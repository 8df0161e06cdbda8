import { CircleAlert, RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { type Linked, lookOf } from './look.ts'
import { FileLink } from './Output.tsx'
import { Papers } from './Papers.tsx'
import type { Said } from './talk.ts'

/** Something that was said, and what was answered or went wrong. */
export function Exchange({ said, again }: { said: Said; again: (said: Said) => void }) {
  const { t } = useTranslation()
  const wrong = said.state === 'unsent' || said.state === 'failed'
  return (
    <div className="grid gap-4">
      <article aria-label={t('share.said')} className="appear grid max-w-[85%] gap-2 justify-self-end">
        <div
          className="rounded-2xl rounded-br-md border border-line bg-press px-4 py-2.5 text-[0.9375rem] whitespace-pre-wrap"
          dir="auto"
        >
          {said.text}
        </div>
        <Papers papers={said.files} />
      </article>
      {wrong ? (
        <div role="alert" className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
          <p className="flex min-w-0 items-start gap-2.5 text-danger">
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            <span className="grid min-w-0 gap-0.5">
              {said.state === 'unsent' ? t('share.unsent') : `${t('share.failed')}.`}
              {said.number && <code className="text-xs text-muted">{t('share.ask', { id: said.number })}</code>}
            </span>
          </p>
          <Button size="small" icon={<RotateCw aria-hidden className="size-3.5" />} onClick={() => again(said)}>
            {t('share.retry')}
          </Button>
        </div>
      ) : (
        <Answer said={said} />
      )}
    </div>
  )
}

function Answer({ said: { answer, output, state } }: { said: Said }) {
  const { t } = useTranslation()
  const files = filesIn(output)
  const waits = state !== 'answered'
  return (
    <article aria-label={t('share.you')} className="grid min-w-0 max-w-[95%] gap-3 justify-self-start">
      {answer !== '' && (
        <div className="appear text-[0.9375rem] leading-relaxed whitespace-pre-wrap" dir="auto">
          {answer}
        </div>
      )}
      {files.map(file => (
        <FileLink key={file.url} file={file} />
      ))}
      {state === 'answered' && answer === '' && files.length === 0 && <p className="text-muted">{t('share.noResult')}</p>}
      {waits && <Working />}
    </article>
  )
}

/** Three dots that say: it is being worked on. */
function Working() {
  const { t } = useTranslation()
  return (
    <div className="flex items-center gap-2 text-[0.8125rem] text-muted">
      <span aria-hidden className="flex gap-1">
        {['', '[animation-delay:150ms]', '[animation-delay:300ms]'].map(delay => (
          <span key={delay} className={`size-1.5 animate-bounce rounded-full bg-accent ${delay}`} />
        ))}
      </span>
      {t('share.working')}
    </div>
  )
}

/** The files that an answer brings along, at the top of its output. */
function filesIn(output: unknown): Linked[] {
  const all = typeof output === 'object' && output !== null ? [output, ...Object.values(output).flat()] : []
  return all.flatMap(one => {
    const look = lookOf(one, 2)
    return look.as === 'file' ? [look.file] : []
  })
}
