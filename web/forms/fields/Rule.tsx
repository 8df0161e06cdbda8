import { useQuery } from '@tanstack/react-query'
import { CaseSensitive } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../ui/classes.ts'
import { Select } from '../../ui/Select.tsx'
import { isAlone, isOp, type Op, opsFor, withOp } from '../conditions.ts'
import { useForm } from '../context.ts'
import { isTemplate, lineOf, type Path, readLike } from '../values.ts'
import { Insert } from './Insert.tsx'
import { language, Resolved } from './Resolved.tsx'
import { Template } from './Template.tsx'

type Props = { rule: Record<string, unknown>; path: Path; at: number; onChange: (next: Record<string, unknown>) => void }

const WITH_CASE: readonly unknown[] = [
  'equals',
  'notEquals',
  'contains',
  'notContains',
  'startsWith',
  'endsWith',
  'matches',
  'in',
]

/** One condition: a value, a comparison, and what it is compared with. */
export function Rule({ rule, path, at, onChange }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const { reachOf } = useForm()
  const { data } = useQuery(language)
  const reach = reachOf(path)
  const { left, op, right, ignoreCase } = rule
  const preview = reach && isTemplate(left) ? data?.previewOf(left, reach) : undefined
  const ops = opsFor(preview?.is === 'value' ? preview.value : undefined)
  const choices = ops.map(value => ({ value, label: t(`conditions.ops.${value}`) }))
  const side = (name: 'left' | 'right', value: unknown) => (
    <Template
      control={{
        id: `${id}-${name}`,
        'aria-describedby': undefined,
        'aria-invalid': undefined,
        'aria-label': t(`conditions.${name}`, { place: at + 1 }),
      }}
      title={t(`conditions.${name}`, { place: at + 1 })}
      path={[...path, name]}
      value={lineOf(value ?? '')}
      placeholder={name === 'left' ? '{{ … }}' : t('forms.value')}
      onChange={text => onChange({ ...rule, [name]: readLike(value, text) })}
      reach={reach}
    />
  )
  return (
    <div className="@container grid min-w-0 grid-cols-1 gap-1.5">
      <div className="flex items-start gap-1">
        <div className="min-w-0 flex-1">{side('left', left)}</div>
        {reach && (
          <span className="pt-1.5">
            <Insert
              title={t('conditions.left', { place: at + 1 })}
              path={[...path, 'left']}
              value={left ?? ''}
              onChange={next => onChange({ ...rule, left: next })}
              reach={reach}
            />
          </span>
        )}
      </div>
      {reach && isTemplate(left) && <Resolved value={left} reach={reach} />}
      <div
        className={classes('grid min-w-0 gap-1.5', isAlone(op) ? 'grid-cols-1' : '@xs:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]')}
      >
        <Select<Op>
          label={t('conditions.op', { place: at + 1 })}
          value={isOp(op) ? op : 'equals'}
          choices={choices}
          onChange={next => onChange(withOp(rule, next))}
          className="h-9.5 text-[0.8125rem] pointer-coarse:h-11"
        />
        {!isAlone(op) && (
          <div className="flex min-w-0 items-start gap-1">
            <div className="min-w-0 flex-1">{side('right', right)}</div>
            {WITH_CASE.includes(op) && (
              <button
                type="button"
                aria-pressed={ignoreCase === true}
                aria-label={t('conditions.ignoreCase')}
                title={t('conditions.ignoreCase')}
                onClick={() => {
                  const { ignoreCase: _gone, ...others } = rule
                  onChange(ignoreCase === true ? others : { ...others, ignoreCase: true })
                }}
                className={classes(
                  'mt-1.5 grid size-6.5 shrink-0 place-items-center rounded-md pointer-coarse:mt-0 pointer-coarse:size-11',
                  ignoreCase === true ? 'bg-press text-accent' : 'text-muted hover:bg-hover',
                )}
              >
                <CaseSensitive aria-hidden className="size-4" />
              </button>
            )}
          </div>
        )}
      </div>
      {reach && isTemplate(right) && <Resolved value={right} reach={reach} />}
    </div>
  )
}
