import { Braces, CircleAlert } from 'lucide-react'
import { type FocusEvent, type ReactNode, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../ui/classes.ts'
import { Tip } from '../../ui/Tip.tsx'
import { useForm } from '../context.ts'
import type { Control } from '../control.ts'
import { isTemplate } from '../values.ts'
import type { FieldProps } from './FieldView.tsx'
import { Insert } from './Insert.tsx'
import { Resolved } from './Resolved.tsx'
import { Template } from './Template.tsx'

type Props = FieldProps & {
  /** Several controls: they stand in a group that the label names. */
  group?: boolean
  /** The control is small and stands beside its label. */
  row?: boolean
  /** The control takes templates itself; there is nothing to switch to. */
  open?: boolean
  /** It is made of fields that take templates, and is never one itself. */
  fixed?: boolean
  /** Beside the label. */
  aside?: ReactNode
  children: (control: Control) => ReactNode
}

/** The label, the hint and the error of a field, and the way to a template in its place. */
export function Frame({
  field,
  path,
  value,
  onChange,
  error,
  bare,
  group = false,
  row = false,
  open = false,
  fixed = false,
  aside,
  children,
}: Props) {
  const { t } = useTranslation()
  const id = useId()
  const { reachOf } = useForm()
  const before = useRef<unknown>(undefined)
  const reach = fixed ? null : reachOf(path)
  const filled = isTemplate(value)
  // Who types braces into a plain control goes on typing there: it is exchanged when the focus has left it.
  const [held, hold] = useState(false)
  const expressed = reach !== null && !open && filled && !held
  const focus = {
    onFocus: () => expressed || open || hold(true),
    onBlur: (event: FocusEvent) => event.currentTarget.contains(event.relatedTarget) || hold(false),
  }
  const toggle = () => {
    if (!expressed) before.current = value
    onChange(expressed ? before.current : '{{  }}')
  }
  const described = [field.about && !bare && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  const control: Control = {
    id,
    'aria-describedby': described,
    'aria-invalid': error ? (true as const) : undefined,
    ...(bare ? { 'aria-label': field.title } : {}),
  }
  const tools = (
    <span className="-my-1 flex shrink-0 items-center gap-0.5">
      {aside}
      {reach && (open || expressed) && <Insert title={field.title} path={path} value={value} onChange={onChange} reach={reach} />}
      {reach && !open && (
        <Tip text={expressed ? t('forms.plainly') : t('forms.express')}>
          <button
            type="button"
            aria-pressed={expressed}
            aria-label={t('forms.expressThis', { title: field.title })}
            onClick={toggle}
            className={classes(
              'grid size-6 place-items-center rounded-md transition-colors hover:bg-hover hover:text-text pointer-coarse:size-10',
              expressed ? 'bg-press text-accent' : 'text-muted',
            )}
          >
            <Braces aria-hidden className="size-3.5" />
          </button>
        </Tip>
      )}
    </span>
  )
  const isGroup = group && !expressed
  const body = (
    <>
      {expressed ? (
        <Template control={control} title={field.title} path={path} value={value} onChange={onChange} reach={reach} />
      ) : (
        (!row || bare) && (
          <div className="contents" {...focus}>
            {children(control)}
          </div>
        )
      )}
      {reach && filled && (open || expressed) && <Resolved value={value} reach={reach} />}
      {field.about && !bare && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {field.about}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="flex items-start gap-1.5 text-xs text-danger">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {error}
        </p>
      )}
    </>
  )
  const mark = field.required && !bare && (
    <span aria-hidden title={t('forms.required')} className="text-danger">
      {' *'}
    </span>
  )
  const head = 'min-w-0 text-[0.8125rem] leading-6 font-medium'
  if (isGroup)
    return (
      <fieldset
        aria-labelledby={bare ? undefined : `${id}-label`}
        aria-label={bare ? field.title : undefined}
        aria-describedby={described}
        className="grid min-w-0 grid-cols-1 gap-1.5"
      >
        {!bare && (
          <div className="flex items-center justify-between gap-3">
            <span id={`${id}-label`} className={head}>
              {field.title}
              {mark}
            </span>
            {tools}
          </div>
        )}
        {body}
      </fieldset>
    )
  return (
    <div className="grid min-w-0 grid-cols-1 gap-1.5">
      {!bare && (
        <div className="flex items-center justify-between gap-3">
          <label htmlFor={id} className={head}>
            {field.title}
            {mark}
          </label>
          <span className="flex items-center gap-2">
            {tools}
            {row && !expressed && children(control)}
          </span>
        </div>
      )}
      {body}
    </div>
  )
}
