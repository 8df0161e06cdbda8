import { MessagesSquare, SquarePen } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Mark } from '../frame/Mark.tsx'
import { Title } from '../frame/Title.tsx'
import { Button } from '../ui/Button.tsx'
import { Composer } from './Composer.tsx'
import type { Shown } from './check.ts'
import { useConversation } from './conversation.ts'
import { Exchange } from './Exchange.tsx'
import { isBusy } from './talk.ts'

type Props = { at: string; shown: Shown; token: string | undefined; locked: () => void }

/** A chat that was shared. */
export function Chat({ at, shown, token, locked }: Props) {
  const { t } = useTranslation()
  const { talk, say, again, restart } = useConversation({ at, token, locked })
  const end = useRef<HTMLDivElement>(null)
  const last = talk.said.at(-1)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was said last has changed, so it is brought into sight
  useEffect(() => void end.current?.scrollIntoView({ block: 'end' }), [last?.id, last?.state, last?.answer])
  const title = shown.title ?? t('share.chat')
  return (
    <div className="sky flex h-dvh flex-col">
      <Title>{title}</Title>
      <header className="border-b border-line">
        <div className="mx-auto flex w-full max-w-3xl items-center gap-3 px-4 py-3 sm:px-6">
          <Mark className="size-6" />
          <h1 className="min-w-0 flex-1 truncate text-base" dir="auto">
            {title}
          </h1>
          {talk.said.length > 0 && (
            <Button
              size="small"
              variant="quiet"
              icon={<SquarePen aria-hidden className="size-4" />}
              aria-label={t('share.newTalk')}
              onClick={restart}
            >
              <span className="hidden sm:inline">{t('share.newTalk')}</span>
            </Button>
          )}
        </div>
      </header>
      <main className="flex min-h-0 flex-1 flex-col">
        <section
          aria-label={t('share.log')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="min-h-0 flex-1 overflow-y-auto outline-offset-[-2px]"
        >
          <div role="log" aria-busy={isBusy(talk)} className="mx-auto grid w-full max-w-3xl gap-6 px-4 py-6 sm:px-6">
            {talk.said.length === 0 && <Begin shown={shown} />}
            {talk.said.map(said => (
              <Exchange key={said.id} said={said} again={again} />
            ))}
          </div>
          <div ref={end} />
        </section>
        <Composer
          at={at}
          token={token}
          files={shown.fields.find(({ type }) => type === 'files')}
          words={shown.submit}
          busy={isBusy(talk)}
          say={say}
        />
      </main>
    </div>
  )
}

/** Before anything was said. */
function Begin({ shown }: { shown: Shown }) {
  const { t } = useTranslation()
  return (
    <div className="grid justify-items-center gap-3 px-2 py-[8dvh] text-center">
      <span
        aria-hidden
        className="grid size-12 place-items-center rounded-2xl border border-line bg-hover text-accent [&_svg]:size-5"
      >
        <MessagesSquare />
      </span>
      <div className="grid max-w-md gap-1.5">
        <h2 className="text-xl">{t('share.empty')}</h2>
        <p className="whitespace-pre-line text-muted" dir="auto">
          {shown.description ?? t('share.emptyAbout')}
        </p>
      </div>
    </div>
  )
}
