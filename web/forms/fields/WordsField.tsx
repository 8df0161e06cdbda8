import { Plus, X } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button.tsx'
import { classes } from '../../ui/classes.ts'
import { Input } from '../../ui/Input.tsx'
import type { Choice, Plain } from '../choices.ts'
import { useForm } from '../context.ts'
import { lineOf } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'

/** Several texts, or several of a few choices. */
export function WordsField(props: FieldProps<LookAs<'words'>>) {
  const { field, value, onChange } = props
  const list = Array.isArray(value) ? value : value === undefined && Array.isArray(field.start) ? field.start : []
  const { choices } = field.look
  return (
    <Frame {...props} group>
      {() =>
        choices ? (
          <Several choices={choices} chosen={list} onChange={onChange} />
        ) : (
          <Words
            title={field.title}
            list={list}
            most={field.look.most}
            onChange={next => onChange(next.length === 0 && !field.required ? undefined : next)}
          />
        )
      }
    </Frame>
  )
}

type SeveralProps = { choices: readonly Choice[]; chosen: readonly unknown[]; onChange: (next: Plain[]) => void }

function Several({ choices, chosen, onChange }: SeveralProps) {
  const explained = choices.some(one => one.about)
  const turn = (value: Plain, on: boolean) =>
    onChange(choices.map(one => one.value).filter(one => (one === value ? on : chosen.includes(one))))
  return (
    <div className={explained ? 'grid gap-1.5' : 'flex flex-wrap gap-1.5'}>
      {choices.map(({ value, title, about }) => {
        const on = chosen.includes(value)
        return (
          <label
            key={String(value)}
            className={classes(
              'flex cursor-pointer items-start gap-2.5 rounded-lg border px-2.5 py-1.5 text-[0.8125rem] transition-colors has-focus-visible:outline-2 has-focus-visible:outline-ring pointer-coarse:py-2.5',
              on ? 'border-accent/60 bg-press' : 'border-edge text-muted hover:bg-hover',
            )}
          >
            <input
              type="checkbox"
              checked={on}
              onChange={event => turn(value, event.target.checked)}
              className="mt-0.5 accent-(--accent)"
            />
            <span className="grid gap-0.5">
              <span className={on ? 'font-medium text-text' : ''}>{title}</span>
              {about && <span className="text-xs text-muted">{about}</span>}
            </span>
          </label>
        )
      })}
    </div>
  )
}

type WordsProps = { title: string; list: readonly unknown[]; most: number | undefined; onChange: (next: unknown[]) => void }

/** Texts as small labels: Enter adds what was typed, several lines at once are several texts. */
function Words({ title, list, most, onChange }: WordsProps) {
  const { t } = useTranslation()
  const { disabled } = useForm()
  const [typed, setTyped] = useState('')
  const box = useRef<HTMLInputElement>(null)
  const full = most !== undefined && list.length >= most
  const add = (text: string) => {
    const words = text
      .split(/\r?\n/)
      .map(word => word.trim())
      .filter(Boolean)
    setTyped('')
    if (words.length > 0) onChange([...list, ...words].slice(0, most))
  }
  const drop = (at: number) => {
    onChange(list.filter((_one, place) => place !== at))
    box.current?.focus()
  }
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      add(typed)
    } else if (event.key === 'Backspace' && typed === '' && list.length > 0) drop(list.length - 1)
  }
  return (
    <div className="grid gap-1.5">
      {list.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {list.map((word, at) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: the same word may be there twice
              key={at}
              className="inline-flex max-w-full items-center gap-1 rounded-md border border-edge bg-hover py-0.5 pl-2 text-[0.8125rem]"
            >
              <span className="min-w-0 truncate" dir="auto" title={lineOf(word)}>
                {lineOf(word)}
              </span>
              {!disabled && (
                <button
                  type="button"
                  aria-label={t('forms.drop', { name: lineOf(word) })}
                  onClick={() => drop(at)}
                  className="grid size-6 shrink-0 place-items-center rounded text-muted hover:bg-press hover:text-text pointer-coarse:size-9"
                >
                  <X aria-hidden className="size-3.5" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {!disabled && !full && (
        <div className="flex gap-2">
          <Input
            ref={box}
            aria-label={t('forms.addTo', { title })}
            placeholder={t('forms.typeAndEnter')}
            value={typed}
            onChange={event => setTyped(event.target.value)}
            onKeyDown={press}
            onPaste={event => {
              const text = event.clipboardData.getData('text')
              if (!/\n/.test(text)) return
              event.preventDefault()
              add(text)
            }}
            onBlur={() => add(typed)}
          />
          <Button size="icon" variant="plain" aria-label={t('forms.add')} onClick={() => add(typed)} className="size-10 shrink-0">
            <Plus aria-hidden className="size-4" />
          </Button>
        </div>
      )}
    </div>
  )
}
