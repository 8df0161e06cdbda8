import { ArrowUp } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { type Field, mostFiles, type Paper } from './check.ts'
import { Papers, PickFiles } from './Papers.tsx'
import { usePapers } from './papers.ts'

type Props = {
  at: string
  token: string | undefined
  /** The field for files, where the chat takes some. */
  files: Field | undefined
  words: string | null
  busy: boolean
  say: (text: string, files: readonly Paper[]) => void
}

const LONGEST = 20_000

/** Where one writes. */
export function Composer({ at, token, files, words, busy, say }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [papers, setPapers] = useState<readonly Paper[]>([])
  const sending = usePapers({ at, token })
  const self = useRef<HTMLTextAreaElement>(null)
  useEffect(() => self.current?.focus(), [])
  const most = files ? mostFiles(files) : 0
  const waits = busy || sending.busy !== undefined
  const send = () => {
    if (waits || text.trim() === '') return self.current?.focus()
    say(text.trim(), papers)
    setText('')
    setPapers([])
    self.current?.focus()
  }
  const press = (event: KeyboardEvent) => {
    // While letters are being composed, Enter chooses among them.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  const pick = (list: File[]) =>
    sending.send(list.slice(0, Math.max(0, most - papers.length)), paper => setPapers(before => [...before, paper]))
  return (
    <form
      className="mx-auto grid w-full max-w-3xl gap-2 px-4 pt-2 pb-4 sm:px-6 sm:pb-6"
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      <Papers papers={papers} busy={sending.busy} drop={paper => setPapers(papers.filter(one => one !== paper))} />
      {sending.failure && (
        <p role="alert" className="text-xs text-danger">
          {sending.failure}
        </p>
      )}
      <div className="flex items-end gap-1.5 rounded-2xl border border-edge bg-surface p-1.5 shadow-lift transition-colors focus-within:border-ring">
        {most > 0 && <PickFiles bare label={t('share.attach')} many={most > 1} pick={pick} />}
        <textarea
          ref={self}
          aria-label={t('share.message')}
          aria-describedby="keys"
          placeholder={t('share.message')}
          dir="auto"
          rows={1}
          maxLength={LONGEST}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={press}
          className="field-sizing-content max-h-52 min-h-9 min-w-0 flex-1 resize-none bg-transparent px-2.5 py-1.5 text-[0.9375rem] outline-none pointer-coarse:min-h-11 pointer-coarse:py-2.5 pointer-coarse:text-base"
        />
        <Button
          type="submit"
          variant="primary"
          size="icon"
          busy={waits}
          aria-label={words ?? t('share.send')}
          className="rounded-xl"
        >
          {!waits && <ArrowUp aria-hidden className="size-4" />}
        </Button>
      </div>
      <p id="keys" className="hidden text-center text-xs text-muted sm:block">
        {t('share.keys')}
      </p>
    </form>
  )
}
