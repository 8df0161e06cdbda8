import { ChevronRight } from 'lucide-react'
import { useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../ui/Badge.tsx'
import { classes } from '../ui/classes.ts'
import { Notice } from '../ui/Notice.tsx'
import { type FormContext, Surroundings, type Target } from './context.ts'
import { type Field, fieldsOf } from './field.ts'
import { Fields } from './fields/Fields.tsx'
import { type Parts, partsOf } from './parts.ts'
import { countWithin, type Problem, problemsBy } from './problems.ts'
import type { Reach } from './reach.ts'
import type { Schema } from './schema.ts'
import { isShown, type Path, pathText } from './values.ts'

/** What a form is drawn from. */
export type FormProps = {
  /** The parameters of a block, as `GET /api/blocks` gives them. */
  schema: Schema
  value: Record<string, unknown>
  onChange: (next: Record<string, unknown>) => void
  /** What templates can name; a function where that is not the same for each field. Null where `{{` means nothing. */
  reach: Reach | ((field: string) => Reach | null)
  problems?: readonly Problem[]
  disabled?: boolean
  block?: string
  timezone?: string
  onTarget?: (target: Target) => void
}

const NONE: readonly Problem[] = []
const nothing = () => {}

/** The parameters of a node as a form. */
export function Form({ schema, value, onChange, reach, problems = NONE, disabled = false, ...about }: FormProps) {
  const { block = null, timezone = 'UTC', onTarget = nothing } = about
  const fields = useMemo(() => fieldsOf(schema, schema), [schema])
  const sorted = useMemo(() => problemsBy(problems), [problems])
  const writing = useRef<Target | null>(null)
  const context: FormContext = {
    root: schema,
    problems: sorted,
    disabled,
    values: value,
    reachOf: (path: Path) => (typeof reach === 'function' ? reach(String(path[0] ?? '')) : reach),
    timezone,
    block,
    remember(target) {
      writing.current = target
      onTarget(target)
    },
    remembered: path => (writing.current && pathText(writing.current.path) === pathText(path) ? writing.current : null),
  }
  const shown = fields.filter(([, field]) => isShown(field, fields, value))
  const parts = partsOf(shown)
  const whole = (sorted.get('params') ?? sorted.get('') ?? []).filter(({ field }) => field === null || field === 'params')
  return (
    <Surroundings value={context}>
      <fieldset disabled={disabled} className="grid min-w-0 grid-cols-1 gap-5">
        {whole.map(problem => (
          <Notice key={problem.code + problem.message} tone={problem.severity === 'error' ? 'danger' : 'warning'}>
            {problem.message}
          </Notice>
        ))}
        <Fields fields={parts.plain} all={fields} path={[]} value={value} onChange={onChange} />
        {parts.sections.map(({ title, fields: own }) => (
          <Section
            key={title}
            title={title}
            fields={own}
            count={problemsIn(own, sorted)}
            value={value}
            filled={filledIn(own, value)}
          >
            <Fields fields={own} all={fields} path={[]} value={value} onChange={onChange} />
          </Section>
        ))}
        <More parts={parts} all={fields} value={value} onChange={onChange} problems={sorted} />
      </fieldset>
    </Surroundings>
  )
}

const problemsIn = (fields: Parts['plain'], problems: FormContext['problems']) =>
  fields.reduce((sum, [name]) => sum + countWithin(problems, [name]), 0)

const filledIn = (fields: Parts['plain'], value: Record<string, unknown>) =>
  fields.filter(([name]) => Object.hasOwn(value, name)).length

type MoreProps = {
  parts: Parts
  all: [string, Field][]
  value: Record<string, unknown>
  onChange: (next: Record<string, unknown>) => void
  problems: FormContext['problems']
}

function More({ parts: { advanced }, all, value, onChange, problems }: MoreProps) {
  const { t } = useTranslation()
  if (advanced.length === 0) return null
  const fields = advanced.flatMap(part => part.fields)
  return (
    <Section
      title={t('forms.more')}
      fields={fields}
      count={problemsIn(fields, problems)}
      value={value}
      filled={filledIn(fields, value)}
    >
      {advanced.map(part => (
        <div key={part.title ?? ''} className="grid min-w-0 grid-cols-1 gap-5">
          {part.title && <h4 className="border-b border-line pb-1.5 text-xs font-semibold text-muted">{part.title}</h4>}
          <Fields fields={part.fields} all={all} path={[]} value={value} onChange={onChange} />
        </div>
      ))}
    </Section>
  )
}

type SectionProps = {
  title: string
  fields: Parts['plain']
  count: number
  filled: number
  value: Record<string, unknown>
  children: React.ReactNode
}

/** A part of the form that opens; by itself where something in it is wrong. */
function Section({ title, count, filled, children }: SectionProps) {
  const { t } = useTranslation()
  const id = useId()
  const [opened, setOpened] = useState<boolean | null>(null)
  const open = opened ?? count > 0
  return (
    <section className="grid min-w-0 grid-cols-1 gap-4 border-t border-line pt-3">
      <h3 className="contents">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          onClick={() => setOpened(!open)}
          className="-mx-1.5 flex min-h-8 items-center gap-2 rounded-md px-1.5 text-left text-[0.8125rem] font-medium text-muted hover:bg-hover hover:text-text pointer-coarse:min-h-11"
        >
          <ChevronRight aria-hidden className={classes('size-4 shrink-0 transition-transform', open && 'rotate-90')} />
          <span className="flex-1">{title}</span>
          {count > 0 ? (
            <Badge tone="danger">{t('forms.problems', { count })}</Badge>
          ) : (
            filled > 0 && !open && <Badge tone="quiet">{t('forms.filled', { count: filled })}</Badge>
          )}
        </button>
      </h3>
      {open && (
        <div id={id} className="grid min-w-0 grid-cols-1 gap-5 pb-2">
          {children}
        </div>
      )}
    </section>
  )
}
