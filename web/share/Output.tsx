import { Download, FileText } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { sizeOf } from '../ui/time.ts'
import { type Linked, type Look, lookOf, wordsOf } from './look.ts'

/** What came of it: as a text, a list of names and values, a tree, or files. */
export function Output({ value }: { value: unknown }) {
  return <Shown look={lookOf(value)} />
}

function Shown({ look }: { look: Look }) {
  const { t, i18n } = useTranslation()
  switch (look.as) {
    case 'nothing':
      return <p className="text-muted">{t('share.noResult')}</p>
    case 'text':
      return (
        <p className="whitespace-pre-wrap" dir="auto">
          {look.text}
        </p>
      )
    case 'file':
      return <FileLink file={look.file} />
    case 'large':
      return <p className="text-muted">{t('share.bytes', { size: sizeOf(look.bytes, i18n.language) })}</p>
    case 'list':
      return (
        <ul className="grid gap-1.5">
          {look.looks.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a result does not change, and its parts have no names
            <li key={at}>
              <Shown look={one} />
            </li>
          ))}
        </ul>
      )
    case 'pairs':
      return (
        <dl className="grid divide-y divide-line">
          {look.pairs.map(({ name, look: one }) => (
            <div
              key={name}
              className="grid gap-1 py-3 first:pt-0 last:pb-0 sm:grid-cols-[minmax(6rem,10rem)_minmax(0,1fr)] sm:gap-4"
            >
              <dt className="text-[0.8125rem] font-medium text-muted">{wordsOf(name)}</dt>
              <dd className="min-w-0">{one.as === 'nothing' ? '–' : <Shown look={one} />}</dd>
            </div>
          ))}
        </dl>
      )
    case 'tree':
      return (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="max-h-96 overflow-auto rounded-lg border border-line bg-well p-3.5 text-xs leading-relaxed"
        >
          {look.json}
        </pre>
      )
  }
}

/** A file that can be fetched. */
export function FileLink({ file: { name, url, size } }: { file: Linked }) {
  const { i18n } = useTranslation()
  return (
    <a
      href={url}
      download={name}
      className="flex min-w-0 items-center gap-3 rounded-lg border border-edge px-3 py-2.5 text-sm hover:bg-hover"
    >
      <FileText aria-hidden className="size-4 shrink-0 text-accent" />
      <bdi className="min-w-0 flex-1 truncate font-medium">{name}</bdi>
      <span className="shrink-0 text-xs text-muted">{sizeOf(size, i18n.language)}</span>
      <Download aria-hidden className="size-4 shrink-0 text-muted" />
    </a>
  )
}
