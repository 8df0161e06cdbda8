import { Check, Circle, CircleAlert } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../ui/classes.ts'
import { Field as Labelled } from '../ui/Field.tsx'
import { Input, inputLook } from '../ui/Input.tsx'
import { Select } from '../ui/Select.tsx'
import { type Entered, type Field, mostFiles, type Paper } from './check.ts'
import { Papers, PickFiles } from './Papers.tsx'
import { usePapers } from './papers.ts'

type Props = {
  at: string
  token: string | undefined
  field: Field
  entered: Entered
  error: string | undefined
  underway: (change: 1 | -1) => void
  enter: (value: Entered | ((before: Entered) => Entered)) => void
}

/** More choices than this are chosen from a list that opens. */
const MOST_IN_SIGHT = 5
/** More than this scroll. */
const MOST_BOXES = 12

/** One field of a form, as its kind is asked for. */
export function Question(props: Props) {
  const { field, entered, error, enter } = props
  const { t } = useTranslation()
  const aside = field.required ? undefined : <span className="text-xs text-muted">{t('share.optional')}</span>
  const common = { label: field.title, hint: field.help, error, aside }
  if (field.type === 'boolean') return <Tick {...props} />
  if (field.type === 'multichoice' || (field.type === 'choice' && (field.options ?? []).length <= MOST_IN_SIGHT))
    return <Choices {...props} />
  if (field.type === 'file' || field.type === 'files') return <Files {...props} />
  if (field.type === 'choice') {
    const choices = (field.options ?? []).map(value => ({ value, label: value }))
    return (
      <Labelled {...common}>
        {control => (
          <Select
            {...control}
            value={String(entered)}
            choices={[{ value: '', label: field.required ? t('share.choose') : t('share.pick') }, ...choices]}
            onChange={enter}
          />
        )}
      </Labelled>
    )
  }
  const text = {
    name: field.name,
    value: String(entered),
    placeholder: field.placeholder,
    'aria-required': field.required || undefined,
  }
  if (field.type === 'longtext')
    return (
      <Labelled {...common}>
        {control => (
          <textarea
            {...control}
            {...text}
            dir="auto"
            rows={5}
            onChange={event => enter(event.target.value)}
            className={classes(inputLook, 'field-sizing-content h-auto min-h-28 max-h-96 py-2.5 pointer-coarse:h-auto')}
          />
        )}
      </Labelled>
    )
  return (
    <Labelled {...common}>
      {control => <Input {...control} {...text} {...KINDS[field.type]} onChange={event => enter(event.target.value)} />}
    </Labelled>
  )
}

/** What a browser knows of each kind: which keys to show, what to suggest. */
const KINDS: Partial<Record<Field['type'], Record<string, string>>> = {
  number: { inputMode: 'decimal', autoComplete: 'off', dir: 'ltr' },
  date: { type: 'date' },
  email: { type: 'email', autoComplete: 'email', dir: 'ltr' },
  url: { type: 'url', inputMode: 'url', autoComplete: 'url', dir: 'ltr' },
}

/** A yes or no. */
function Tick({ field, entered, error, enter }: Props) {
  const id = useId()
  const { t } = useTranslation()
  return (
    <div className="grid gap-1.5">
      <label className={classes(BOX, error && 'border-danger')}>
        <input
          type="checkbox"
          name={field.name}
          checked={entered === true}
          aria-invalid={error ? true : undefined}
          aria-required={field.required || undefined}
          aria-describedby={describedBy(id, field, error)}
          onChange={event => enter(event.target.checked)}
          className={TICK}
        />
        <Check aria-hidden className={MARK} />
        <span dir="auto">{field.title}</span>
        {!field.required && <span className="ml-auto text-xs text-muted">{t('share.optional')}</span>}
      </label>
      <Below id={id} field={field} error={error} />
    </div>
  )
}

/** Choices that are all in sight: one of them, or several. */
function Choices({ field, entered, error, enter }: Props) {
  const id = useId()
  const many = field.type === 'multichoice'
  const chosen = many && Array.isArray(entered) ? entered.map(String) : [String(entered)]
  const toggle = (option: string, on: boolean) => {
    if (!many) return enter(on ? option : '')
    enter((field.options ?? []).filter(one => (one === option ? on : chosen.includes(one))))
  }
  return (
    <Group id={id} field={field} error={error}>
      <div
        className={classes(
          'grid gap-1.5',
          (field.options ?? []).length > MOST_BOXES && 'max-h-80 overflow-y-auto rounded-lg border border-line p-1.5',
        )}
      >
        {(field.options ?? []).map((option, at) => (
          <label key={option} className={BOX}>
            <input
              type={many ? 'checkbox' : 'radio'}
              name={`${id}${field.name}`}
              checked={chosen.includes(option)}
              aria-invalid={error && at === 0 ? true : undefined}
              onChange={event => toggle(option, event.target.checked)}
              className={classes(TICK, !many && 'rounded-full')}
            />
            {many ? (
              <Check aria-hidden className={MARK} />
            ) : (
              <Circle aria-hidden className={classes(MARK, 'fill-current stroke-0 p-1.25')} />
            )}
            <span dir="auto">{option}</span>
          </label>
        ))}
      </div>
    </Group>
  )
}

function Files({ at, token, field, entered, error, enter, underway }: Props) {
  const id = useId()
  const { t } = useTranslation()
  const { busy, failure, send } = usePapers({ at, token, underway })
  const papers = papersIn(entered)
  const most = mostFiles(field)
  const add = (paper: Paper) => enter(before => (most === 1 ? [paper] : [...papersIn(before), paper]))
  const pick = (files: File[]) => send(files.slice(0, most === 1 ? 1 : Math.max(0, most - papers.length)), add)
  return (
    <Group id={id} field={field} error={error ?? failure}>
      <div className="grid justify-items-start gap-2 *:[ul]:w-full">
        <Papers papers={papers} busy={busy} drop={paper => enter(before => papersIn(before).filter(one => one !== paper))} />
        {papers.length < most && (
          <PickFiles
            label={most === 1 ? t('share.addFile') : t('share.addFiles')}
            many={most > 1}
            pick={pick}
            aria-invalid={error ? true : undefined}
          />
        )}
      </div>
    </Group>
  )
}

const isPaper = (one: string | Paper): one is Paper => typeof one !== 'string'

/** The files among what was entered. */
function papersIn(entered: Entered): Paper[] {
  return typeof entered === 'object' ? [...entered].filter(isPaper) : []
}

type GroupProps = { id: string; field: Field; error: string | undefined; children: ReactNode }

/** Several controls that are one question. */
function Group({ id, field, error, children }: GroupProps) {
  const { t } = useTranslation()
  return (
    <fieldset aria-describedby={describedBy(id, field, error)} className="grid min-w-0 gap-1.5">
      <legend className="contents">
        <span className="flex items-baseline justify-between gap-3 text-[0.8125rem] font-medium">
          <span dir="auto">{field.title}</span>
          {!field.required && <span className="text-xs font-normal text-muted">{t('share.optional')}</span>}
        </span>
      </legend>
      {children}
      <Below id={id} field={field} error={error} />
    </fieldset>
  )
}

const describedBy = (id: string, { help }: Field, error: string | undefined) =>
  [help && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined

/** The help of a field and what is wrong with it. */
function Below({ id, field, error }: { id: string; field: Field; error: string | undefined }) {
  return (
    <>
      {field.help && (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {field.help}
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
}

const BOX =
  'relative flex min-h-10 cursor-pointer items-center gap-3 rounded-lg border border-edge bg-well px-3 py-2 text-sm transition-colors hover:bg-hover has-checked:border-ring has-checked:bg-hover pointer-coarse:min-h-11'
const TICK =
  'peer size-4.5 shrink-0 cursor-pointer appearance-none rounded-[5px] border border-muted bg-well checked:border-ring checked:bg-ring'
const MARK =
  'pointer-events-none absolute left-3 size-4.5 stroke-3 p-0.5 text-ground opacity-0 peer-checked:opacity-100 forced-colors:text-[CanvasText]'
