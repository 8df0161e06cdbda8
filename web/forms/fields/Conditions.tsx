import { Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Segments } from '../../ui/Segments.tsx'
import { type Group, groupOf, isGroup, writeGroup } from '../conditions.ts'
import { useForm } from '../context.ts'
import type { Field } from '../field.ts'
import { isObject } from '../schema.ts'
import { blankRule, type Path } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'
import { Rule } from './Rule.tsx'

type Whole = { path: Path; value: unknown; error: string | undefined; onChange: (next: Record<string, unknown>) => void }

/** The conditions of a block that has `all` and `any` at its top. */
export function Conditions({ path, value, error, onChange }: Whole) {
  const { t } = useTranslation()
  const field: Field & { look: LookAs<'conditions'> } = {
    title: t('conditions.title'),
    about: undefined,
    required: true,
    advanced: false,
    section: undefined,
    when: undefined,
    start: undefined,
    example: undefined,
    schema: {},
    look: { as: 'conditions', whole: true },
  }
  return (
    <ConditionsField
      field={field}
      path={path}
      value={value}
      error={error}
      onChange={next => onChange(isObject(next) ? next : {})}
      closed
    />
  )
}

/** What has to hold: conditions, and groups of them. */
export function ConditionsField({ closed = false, ...props }: FieldProps<LookAs<'conditions'>> & { closed?: boolean }) {
  const { t } = useTranslation()
  const { field, path, value, onChange } = props
  const { whole } = field.look
  const group = whole ? groupOf(value) : { sort: 'all' as const, rules: Array.isArray(value) ? value : [] }
  const change = (next: Group) => {
    if (whole) onChange(writeGroup(next) ?? (field.required ? {} : undefined))
    else onChange(next.rules.length === 0 ? undefined : next.rules)
  }
  return (
    <Frame {...props} group fixed={closed}>
      {() =>
        group ? (
          <Builder group={group} path={path} depth={0} sorted={whole} onChange={change} />
        ) : (
          <Notice tone="warning">{t('conditions.odd')}</Notice>
        )
      }
    </Frame>
  )
}

/** Deeper than this nobody follows. */
const DEEPEST = 2

type BuilderProps = { group: Group; path: Path; depth: number; sorted: boolean; onChange: (next: Group) => void }

function Builder({ group, path, depth, sorted, onChange }: BuilderProps) {
  const { t } = useTranslation()
  const { disabled } = useForm()
  const { sort, rules } = group
  const set = (at: number, next: unknown) => onChange({ sort, rules: rules.map((rule, place) => (place === at ? next : rule)) })
  const drop = (at: number) => onChange({ sort, rules: rules.filter((_rule, place) => place !== at) })
  const add = (rule: Record<string, unknown>) => onChange({ sort, rules: [...rules, rule] })
  return (
    <div className="grid min-w-0 grid-cols-1 gap-2">
      {sorted && rules.length > 1 && (
        <Segments
          label={t('conditions.sort')}
          value={sort}
          choices={[
            { value: 'all', label: t('conditions.all') },
            { value: 'any', label: t('conditions.any') },
          ]}
          onChange={next => onChange({ sort: next, rules })}
          small
        />
      )}
      {rules.map((rule, at) => {
        const inner = isGroup(rule) ? groupOf(rule) : null
        const place = [...path, sort, at]
        const lead = at === 0 ? t('conditions.if') : t(sort === 'all' ? 'conditions.and' : 'conditions.or')
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no names of their own
          <div key={at} className="grid min-w-0 grid-cols-1 gap-1.5 rounded-xl border border-line bg-hover/40 p-2.5">
            <div className="flex items-center justify-between gap-2">
              <span className="text-xs font-medium text-muted">{lead}</span>
              {!disabled && (
                <button
                  type="button"
                  aria-label={t('conditions.drop', { place: at + 1 })}
                  onClick={() => drop(at)}
                  className="-m-1 grid size-7 place-items-center rounded-md text-muted hover:bg-hover hover:text-text pointer-coarse:size-10"
                >
                  <Trash2 aria-hidden className="size-3.5" />
                </button>
              )}
            </div>
            {inner ? (
              <Builder
                group={inner}
                path={place}
                depth={depth + 1}
                sorted
                onChange={next => (next.rules.length === 0 ? drop(at) : set(at, writeGroup(next)))}
              />
            ) : (
              <Rule rule={isObject(rule) ? rule : blankRule()} path={place} at={at} onChange={next => set(at, next)} />
            )}
          </div>
        )
      })}
      {!disabled && (
        <div className="flex flex-wrap gap-2">
          <Button size="small" icon={<Plus aria-hidden className="size-4" />} onClick={() => add(blankRule())}>
            {t('conditions.add')}
          </Button>
          {depth < DEEPEST && rules.length > 0 && (
            <Button size="small" variant="quiet" onClick={() => add({ [sort === 'all' ? 'any' : 'all']: [blankRule()] })}>
              {t('conditions.addGroup')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
