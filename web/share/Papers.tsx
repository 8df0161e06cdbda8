import { FileText, LoaderCircle, Paperclip, X } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { sizeOf } from '../ui/time.ts'
import type { Paper } from './check.ts'

type Props = { papers: readonly Paper[]; busy?: string | undefined; drop?: (paper: Paper) => void }

/** Files that go with an answer, each with a way to take it out again. */
export function Papers({ papers, busy, drop }: Props) {
  const { t, i18n } = useTranslation()
  if (papers.length === 0 && busy === undefined) return null
  return (
    <ul aria-label={t('share.sendFiles')} className="grid gap-1.5">
      {papers.map(paper => (
        <li
          key={paper.file}
          className="flex min-w-0 items-center gap-2.5 rounded-lg border border-line bg-hover py-1.5 pr-1.5 pl-3 text-[0.8125rem]"
        >
          <FileText aria-hidden className="size-4 shrink-0 text-muted" />
          <bdi className="min-w-0 flex-1 truncate py-1">{paper.name}</bdi>
          <span className="shrink-0 text-xs text-muted last:pr-1.5">{sizeOf(paper.size, i18n.language)}</span>
          {drop && (
            <Button
              size="tiny"
              variant="quiet"
              aria-label={t('share.dropFile', { name: paper.name })}
              onClick={() => drop(paper)}
            >
              <X aria-hidden className="size-4" />
            </Button>
          )}
        </li>
      ))}
      {busy !== undefined && (
        <li
          role="status"
          className="flex min-w-0 items-center gap-2.5 rounded-lg border border-line px-3 py-2.5 text-[0.8125rem]"
        >
          <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin text-accent" />
          <bdi className="min-w-0 flex-1 truncate">{busy}</bdi>
          <span className="shrink-0 text-xs text-muted">{t('share.sending')}</span>
        </li>
      )}
    </ul>
  )
}

type PickProps = {
  id?: string
  label: string
  many: boolean
  why?: string | undefined
  bare?: boolean
  pick: (files: File[]) => void
  'aria-describedby'?: string | undefined
  'aria-invalid'?: true | undefined
}

/** A button that lets one choose files. */
export function PickFiles({ label, many, pick, bare = false, ...rest }: PickProps) {
  const input = useRef<HTMLInputElement>(null)
  const icon = <Paperclip aria-hidden className="size-4" />
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple={many}
        hidden
        onChange={event => {
          pick([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
      {bare ? (
        <Button {...rest} size="icon" variant="quiet" aria-label={label} onClick={() => input.current?.click()}>
          {icon}
        </Button>
      ) : (
        <Button {...rest} icon={icon} onClick={() => input.current?.click()} className="aria-invalid:border-danger">
          {label}
        </Button>
      )}
    </>
  )
}
