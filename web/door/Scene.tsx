import { Check, GitBranch, LoaderCircle, Mail, MessageSquare, Sparkles } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../ui/classes.ts'

const EDGES = [
  'M168 72 C 168 140, 300 120, 300 188',
  'M300 248 C 300 316, 164 296, 164 364',
  'M300 248 C 300 316, 436 296, 436 364',
]

/** A small workflow at work; a picture, not a control. */
export function Scene() {
  const { t } = useTranslation()
  return (
    <div className="absolute inset-0 grid place-items-center">
      <div className="mesh absolute inset-0" />
      <div className="relative grid gap-10">
        <div className="relative h-[27.5rem] w-[37.5rem] scale-90 xl:scale-100">
          <svg viewBox="0 0 600 440" aria-hidden="true" className="absolute inset-0 size-full fill-none">
            {EDGES.map((edge, at) => (
              <path
                key={edge}
                d={edge}
                className={at < 2 ? 'stroke-node-done' : 'stroke-node-running'}
                strokeWidth="1.5"
                strokeOpacity=".6"
              />
            ))}
          </svg>
          <span className="travel absolute top-0 left-0 size-2 rounded-full bg-node-running [offset-path:path('M300_248_C_300_316,_436_296,_436_364')]" />
          <Node className="top-3 left-12" icon={<Mail />} name={t('scene.mail')} about="webhook.receive" state="done" />
          <Node
            className="top-[11.75rem] left-45"
            icon={<Sparkles />}
            name={t('scene.classify')}
            about="ai.classify"
            state="done"
          />
          <Node
            className="top-[22.75rem] left-11"
            icon={<MessageSquare />}
            name={t('scene.tell')}
            about="slack.send"
            state="done"
          />
          <Node
            className="top-[22.75rem] left-79"
            icon={<GitBranch />}
            name={t('scene.file')}
            about="github.issue"
            state="running"
          />
        </div>
        <p className="mx-auto max-w-sm text-center text-[0.9375rem] text-muted">{t('scene.line')}</p>
      </div>
    </div>
  )
}

type NodeProps = { className: string; icon: ReactNode; name: string; about: string; state: 'done' | 'running' }

function Node({ className, icon, name, about, state }: NodeProps) {
  const running = state === 'running'
  return (
    <div
      className={classes(
        'glass border border-line absolute flex w-60 items-center gap-3 rounded-xl px-3.5 py-3 shadow-lift',
        running && 'pulse-ring border-node-running/50',
        className,
      )}
    >
      <span className="grid size-9 shrink-0 place-items-center rounded-lg border border-line bg-hover text-muted [&_svg]:size-4">
        {icon}
      </span>
      <span className="grid min-w-0 flex-1">
        <span className="truncate text-[0.8125rem] font-medium">{name}</span>
        <code className="truncate text-[0.6875rem] text-muted">{about}</code>
      </span>
      {running ? <LoaderCircle className="size-4 animate-spin text-node-running" /> : <Check className="size-4 text-node-done" />}
    </div>
  )
}
