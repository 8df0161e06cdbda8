import { type KeyboardEvent, type SyntheticEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../ui/classes.ts'
import { type Completion, complete, completionAt, type Option, piecesOf } from '../complete.ts'
import { useForm } from '../context.ts'
import type { Control } from '../control.ts'
import type { Reach } from '../reach.ts'
import type { Path } from '../values.ts'
import { Completions } from './Completions.tsx'

type Props = {
  control: Control
  title: string
  path: Path
  value: string
  onChange: (next: string) => void
  /** Null where `{{` means nothing. */
  reach: Reach | null
  lines?: number
  mono?: boolean
  placeholder?: string | undefined
  className?: string
}

const LETTERS =
  'col-start-1 row-start-1 w-full min-w-0 px-3 py-2 text-sm leading-5 whitespace-pre-wrap break-words pointer-coarse:text-base pointer-coarse:leading-6'

/** A text in which `{{` offers what can be named. It grows with what is written. */
export function Template({ control, title, path, value, onChange, reach, lines = 1, mono, placeholder, className }: Props) {
  const { t } = useTranslation()
  const { remember } = useForm()
  const box = useRef<HTMLTextAreaElement>(null)
  const mirror = useRef<HTMLDivElement>(null)
  const list = useId()
  const [asked, setAsked] = useState<Completion | null>(null)
  const [at, setAt] = useState(0)
  const cursor = useRef<number | null>(null)
  const rows = lines > 1

  useLayoutEffect(() => {
    const place = cursor.current
    if (place === null || !box.current) return
    cursor.current = null
    box.current.setSelectionRange(place, place)
  })

  const look = (text: string, place: number) => {
    setAsked(reach ? completionAt(text, place, reach) : null)
    setAt(0)
  }
  const take = (option: Option) => {
    if (!asked) return
    const next = complete(value, asked, option)
    cursor.current = next.cursor
    onChange(next.text)
    box.current?.focus()
    setAsked(reach && option.is === 'value' && option.spot.deeper ? stillAsked(next) : null)
    setAt(0)
  }
  // A name that has more in it is completed on, once a point is typed; brackets need no point.
  const stillAsked = (next: { text: string; cursor: number }) => {
    const more =
      reach && completionAt(`${next.text.slice(0, next.cursor)}.${next.text.slice(next.cursor)}`, next.cursor + 1, reach)
    return more ? { ...more, from: next.cursor, to: next.cursor } : null
  }
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    if (asked) {
      const { options } = asked
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step !== undefined) {
        event.preventDefault()
        return setAt((at + step + options.length) % options.length)
      }
      const option = options[at]
      if ((event.key === 'Enter' || event.key === 'Tab') && option && !event.shiftKey) {
        event.preventDefault()
        return take(option)
      }
      if (event.key === 'Escape') {
        event.preventDefault()
        event.stopPropagation()
        return setAsked(null)
      }
    }
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault()
      return look(value, event.currentTarget.selectionStart)
    }
    if (event.key === 'Enter' && !rows && !event.shiftKey) event.preventDefault()
  }
  const note = (event: SyntheticEvent<HTMLTextAreaElement>) => {
    const { selectionStart: from, selectionEnd: to } = event.currentTarget
    remember({ path, title, from, to })
  }
  return (
    <div
      className={classes(
        'relative grid max-h-72 w-full min-w-0 overflow-y-auto rounded-lg border border-edge bg-well transition-colors hover:border-muted/50 has-focus-visible:border-ring has-focus-visible:outline-2 has-focus-visible:outline-ring has-aria-invalid:border-danger',
        mono && 'font-mono',
        className,
      )}
    >
      <div
        ref={mirror}
        dir="auto"
        aria-hidden
        className={classes(LETTERS, 'pointer-events-none invisible', mono && 'text-[0.8125rem]', rows && 'min-h-24')}
      >
        {reach ? <Pieces text={value} /> : value}
        {'\u200b'}
      </div>
      <textarea
        ref={box}
        {...control}
        dir="auto"
        rows={1}
        value={value}
        placeholder={placeholder}
        spellCheck={rows}
        autoComplete="off"
        aria-autocomplete={reach ? 'list' : undefined}
        aria-controls={asked ? list : undefined}
        aria-activedescendant={asked ? `${list}-${at}` : undefined}
        onChange={event => {
          const text = rows ? event.target.value : event.target.value.replaceAll(/\r?\n/g, ' ')
          onChange(text)
          note(event)
          look(text, event.target.selectionStart)
        }}
        onKeyDown={press}
        onSelect={note}
        onFocus={note}
        onBlur={() => setAsked(null)}
        className={classes(
          LETTERS,
          'h-full resize-none overflow-hidden bg-transparent text-text outline-none',
          mono && 'text-[0.8125rem]',
        )}
      />
      <span role="status" className="sr-only">
        {asked ? t('forms.found', { count: asked.options.length }) : ''}
      </span>
      {asked && (
        <Completions
          id={list}
          label={t('forms.completions')}
          options={asked.options}
          at={at}
          anchor={() => placeOf(mirror.current, asked.from)}
          onAt={setAt}
          onTake={take}
        />
      )}
    </div>
  )
}

/** The text with its templates marked. Only the marks are seen; the letters are those of the field above it. */
function Pieces({ text }: { text: string }) {
  let from = 0
  return piecesOf(text).map(piece => {
    const key = from
    from += piece.text.length
    return piece.hole ? (
      <mark key={key} className="visible rounded-sm bg-info-soft text-transparent shadow-[0_0_0_1px_var(--line)]">
        {piece.text}
      </mark>
    ) : (
      <span key={key}>{piece.text}</span>
    )
  })
}

/** Where a letter of the text stands on the screen. */
function placeOf(mirror: HTMLElement | null, offset: number): DOMRect | null {
  if (!mirror) return null
  const walker = document.createTreeWalker(mirror, NodeFilter.SHOW_TEXT)
  let left = offset
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { length } = node.textContent ?? ''
    if (left <= length) {
      const range = document.createRange()
      range.setStart(node, left)
      range.collapse(true)
      const [place] = range.getClientRects()
      return place ?? mirror.getBoundingClientRect()
    }
    left -= length
  }
  return mirror.getBoundingClientRect()
}
