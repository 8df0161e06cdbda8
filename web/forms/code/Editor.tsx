import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../ui/classes.ts'
import type { Completion } from '../complete.ts'
import type { Name } from '../script.ts'
import { type Mounted, mount } from './mount.ts'

type Props = {
  language: 'javascript' | 'json' | 'text'
  label: string
  about?: string | undefined
  value: string
  onChange: (text: string) => void
  readOnly?: boolean
  invalid?: boolean
  tall?: boolean
  /** What `{{` offers. */
  source?: ((text: string, cursor: number) => Completion | null) | undefined
  /** Names that the code knows. */
  names?: (() => readonly Name[]) | undefined
}

/** A box for code. It stands in a shadow of its own, as its styles come with it and the page takes none from scripts. */
export function Editor({
  language,
  label,
  about,
  value,
  onChange,
  readOnly = false,
  invalid = false,
  tall = false,
  source,
  names,
}: Props) {
  const { t } = useTranslation()
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<Mounted | null>(null)
  const latest = useRef({ onChange, source, names })
  useEffect(() => {
    latest.current = { onChange, source, names }
  })
  const words = t('forms.leaveEditor')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text itself is handed on below
  useEffect(() => {
    if (!host.current) return
    const mounted = mount(host.current, {
      language,
      label,
      about: [about, words].filter(Boolean).join(' '),
      text: value,
      readOnly,
      onChange: text => latest.current.onChange(text),
      source: (text, cursor) => latest.current.source?.(text, cursor) ?? null,
      names: () => latest.current.names?.() ?? [],
    })
    view.current = mounted
    return () => mounted.end()
  }, [language, label, about, readOnly, words])
  useEffect(() => view.current?.show(value), [value])
  return (
    <div
      ref={host}
      className={classes(
        'min-w-0 overflow-hidden rounded-lg border bg-well transition-colors focus-within:border-ring focus-within:outline-2 focus-within:outline-ring',
        invalid ? 'border-danger' : 'border-edge hover:border-muted/50',
        tall ? 'min-h-40' : 'min-h-18',
      )}
    />
  )
}
