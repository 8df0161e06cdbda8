import { ChevronDown, LockKeyhole, LockKeyholeOpen } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge, type BadgeTone } from '../ui/Badge.tsx'
import { Code } from '../ui/Copy.tsx'
import { classes } from '../ui/classes.ts'
import { Lines } from './Lines.tsx'
import type { Call, Schema } from './openapi.ts'
import { Prose } from './Prose.tsx'
import { curlOf, type Line, linesOf, typeOf } from './schema.ts'

const TONES: Record<string, BadgeTone> = { GET: 'info', POST: 'success', PUT: 'warning', PATCH: 'warning', DELETE: 'danger' }

type Props = { call: Call; schemas: Record<string, Schema> }

/** One call: a line that opens to all there is to know. */
export function CallCard({ call, schemas }: Props) {
  const [open, setOpen] = useState(location.hash === `#${call.id}`)
  const toggle = () => {
    setOpen(!open)
    if (!open) history.replaceState(history.state, '', `#${call.id}`)
  }
  return (
    <article id={call.id} className="card min-w-0 scroll-mt-20 overflow-hidden">
      <h3>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={`${call.id}-more`}
          onClick={toggle}
          className="grid w-full grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 px-4 py-3 text-left transition-colors hover:bg-hover focus-visible:-outline-offset-2"
        >
          <Badge mono tone={TONES[call.method] ?? 'plain'} className="w-17 justify-center">
            {call.method}
          </Badge>
          <span className="flex min-w-0 flex-wrap items-baseline gap-x-4 gap-y-0.5">
            <code className="text-[0.8125rem] font-medium">{call.path}</code>
            <span className="min-w-0 text-[0.8125rem] font-normal text-muted">{call.summary}</span>
          </span>
          <ChevronDown aria-hidden className={classes('size-4 text-muted transition-transform', open && 'rotate-180')} />
        </button>
      </h3>
      <div id={`${call.id}-more`} hidden={!open}>
        {open && <More call={call} schemas={schemas} />}
      </div>
    </article>
  )
}

function More({ call, schemas }: Props) {
  const { t } = useTranslation()
  const Icon = call.open ? LockKeyholeOpen : LockKeyhole
  const parameters: Line[] = call.parameters.map(({ name, in: place, required, schema = {}, description = '' }) => ({
    name,
    type: typeOf(schema, schemas),
    required,
    notes: [t(`reference.in.${place as 'query'}`)],
    about: description,
    lines: [],
  }))
  return (
    <div className="appear grid gap-6 border-t border-line p-4 sm:p-5">
      {call.about && (
        <p className="max-w-2xl">
          <Prose text={call.about} />
        </p>
      )}
      <p className="flex items-center gap-2 text-[0.8125rem] text-muted">
        <Icon aria-hidden className="size-4" />
        {t('reference.needs', { needs: call.needs })}
      </p>
      <Code text={curlOf(call, schemas, location.origin)} label={t('reference.curl', { path: call.path })} />
      {parameters.length > 0 && (
        <Part title={t('reference.parameters')}>
          <Lines lines={parameters} given />
        </Part>
      )}
      {call.body && (
        <Part title={t('reference.body')} aside={call.body.type}>
          <Lines lines={linesOf(call.body.schema, schemas)} given />
        </Part>
      )}
      <Part title={t('reference.reply', { status: call.reply.status })} aside={call.reply.type}>
        {call.reply.schema && linesOf(call.reply.schema, schemas).length > 0 ? (
          <Lines lines={linesOf(call.reply.schema, schemas)} />
        ) : (
          <p className="text-[0.8125rem] text-muted">{call.reply.about}</p>
        )}
      </Part>
      {call.fails.length > 0 && (
        <Part title={t('reference.fails')}>
          <ul className="grid gap-1.5 text-[0.8125rem]">
            {call.fails.map(({ status, code, title }) => (
              <li key={code} className="grid grid-cols-[2.5rem_minmax(0,1fr)] gap-x-3 sm:grid-cols-[2.5rem_14rem_minmax(0,1fr)]">
                <span className="text-muted tabular-nums">{status}</span>
                <code>{code}</code>
                <span className="col-start-2 text-muted sm:col-start-3">{title}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
    </div>
  )
}

function Part({ title, aside, children }: { title: string; aside?: string; children: ReactNode }) {
  return (
    <div className="grid gap-2.5">
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <h4 className="text-[0.8125rem] font-semibold">{title}</h4>
        {aside && <code className="text-xs text-muted">{aside}</code>}
      </div>
      {children}
    </div>
  )
}
