import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../ui/classes.ts'
import { Input } from '../../ui/Input.tsx'
import { Segments } from '../../ui/Segments.tsx'
import { Select } from '../../ui/Select.tsx'
import { type Plan, patternOf, planLike, planOf, WEEK } from '../cron.ts'
import { dayName } from '../days.ts'
import { lineOf } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'

/** A pattern of times: built from a few choices, or written as cron. */
export function CronField(props: FieldProps<LookAs<'cron'>>) {
  const { t } = useTranslation()
  const { field, value, onChange } = props
  const text = lineOf(value)
  const plan = planOf(text)
  const [asText, setAsText] = useState(text !== '' && plan === null)
  const change = (next: string) => onChange(next.trim() === '' ? undefined : next)
  const aside = (
    <Segments
      label={t('cron.how')}
      value={asText ? 'text' : 'plan'}
      choices={[
        { value: 'plan', label: t('cron.chosen') },
        { value: 'text', label: t('cron.written') },
      ]}
      onChange={next => setAsText(next === 'text')}
      small
    />
  )
  return (
    <Frame {...props} field={asText ? field : { ...field, about: undefined }} aside={aside} group={!asText}>
      {control =>
        asText ? (
          <Input
            {...control}
            dir="ltr"
            spellCheck={false}
            value={text}
            placeholder="30 8 * * MON-FRI"
            onChange={event => change(event.target.value)}
            className="font-mono"
          />
        ) : (
          <Builder plan={plan} odd={text !== '' && plan === null} onChange={next => onChange(next && patternOf(next))} />
        )
      }
    </Frame>
  )
}

type BuilderProps = { plan: Plan | null; odd: boolean; onChange: (plan: Plan | undefined) => void }

const EVERY = ['minutes', 'hours', 'day', 'week', 'month'] as const
const NEVER = 'never'

function Builder({ plan, odd, onChange }: BuilderProps) {
  const { t } = useTranslation()
  const kinds = EVERY.map(every => ({ value: every, label: t(`cron.every.${every}`) }))
  return (
    <div className="grid min-w-0 grid-cols-1 gap-3 rounded-xl border border-line bg-hover/40 p-3.5">
      {odd && <p className="text-xs text-warning">{t('cron.odd')}</p>}
      <Select
        label={t('cron.often')}
        value={plan?.every ?? NEVER}
        choices={[{ value: NEVER, label: t('cron.never') }, ...kinds]}
        onChange={next => {
          const every = EVERY.find(one => one === next)
          onChange(every && planLike(every, plan))
        }}
      />
      {plan && <Details plan={plan} onChange={onChange} />}
    </div>
  )
}

function Details({ plan, onChange }: { plan: Plan; onChange: (plan: Plan) => void }) {
  const { t, i18n } = useTranslation()
  const time =
    'time' in plan ? (
      <Labelled words={t('cron.time')}>
        <Input
          type="time"
          aria-label={t('cron.time')}
          value={plan.time}
          onChange={event => event.target.value && onChange({ ...plan, time: event.target.value })}
          className="w-32"
        />
      </Labelled>
    ) : null
  switch (plan.every) {
    case 'minutes':
      return (
        <Count words={t('cron.minutes')} value={plan.step} least={1} most={59} onChange={step => onChange({ ...plan, step })} />
      )
    case 'hours':
      return (
        <div className="flex flex-wrap gap-x-5 gap-y-3">
          <Count words={t('cron.hours')} value={plan.step} least={1} most={23} onChange={step => onChange({ ...plan, step })} />
          <Count
            words={t('cron.minute')}
            value={plan.minute}
            least={0}
            most={59}
            onChange={minute => onChange({ ...plan, minute })}
          />
        </div>
      )
    case 'day':
      return time
    case 'week':
      return (
        <>
          <fieldset className="flex flex-wrap gap-1">
            <legend className="sr-only">{t('cron.days')}</legend>
            {WEEK.map(day => {
              const on = plan.days.includes(day)
              return (
                <label
                  key={day}
                  className={classes(
                    'grid h-8 min-w-10 cursor-pointer place-items-center rounded-lg border px-2 text-[0.8125rem] has-focus-visible:outline-2 has-focus-visible:outline-ring pointer-coarse:h-11',
                    on ? 'border-accent/60 bg-press font-medium text-text' : 'border-edge text-muted',
                  )}
                >
                  <input
                    type="checkbox"
                    className="sr-only"
                    checked={on}
                    onChange={() => {
                      const days = on ? plan.days.filter(one => one !== day) : [...plan.days, day]
                      if (days.length > 0) onChange({ ...plan, days })
                    }}
                  />
                  {dayName(day, i18n.language)}
                </label>
              )
            })}
          </fieldset>
          {time}
        </>
      )
    case 'month':
      return (
        <div className="flex flex-wrap gap-x-5 gap-y-3">
          <Labelled words={t('cron.dayOfMonth')}>
            <Select
              label={t('cron.dayOfMonth')}
              value={String(plan.day)}
              choices={[
                ...Array.from({ length: 31 }, (_none, at) => ({ value: String(at + 1), label: `${at + 1}.` })),
                { value: 'last', label: t('cron.lastDay') },
              ]}
              onChange={day => onChange({ ...plan, day: day === 'last' ? day : Number(day) })}
              className="w-32"
            />
          </Labelled>
          {time}
        </div>
      )
  }
}

function Labelled({ words, children }: { words: string; children: React.ReactNode }) {
  return (
    <div className="grid gap-1">
      <span aria-hidden className="text-xs text-muted">
        {words}
      </span>
      {children}
    </div>
  )
}

type CountProps = { words: string; value: number; least: number; most: number; onChange: (next: number) => void }

function Count({ words, value, least, most, onChange }: CountProps) {
  return (
    <Labelled words={words}>
      <Input
        type="number"
        aria-label={words}
        min={least}
        max={most}
        value={value}
        onChange={event => {
          const next = Math.round(event.target.valueAsNumber)
          if (next >= least && next <= most) onChange(next)
        }}
        className="w-24 tabular-nums"
      />
    </Labelled>
  )
}
