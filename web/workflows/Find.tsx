import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Input } from '../ui/Input.tsx'

/** Typing does not ask the server at every letter. */
const PAUSE = 200

/** Finds while one types. */
export function Find({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(value)
  const latest = useRef(onChange)
  const sent = useRef(value)
  useEffect(() => {
    latest.current = onChange
  })
  useEffect(() => {
    // The address has changed by other means, such as the way back.
    if (value !== sent.current) {
      sent.current = value
      setTyped(value)
    }
  }, [value])
  useEffect(() => {
    if (typed === sent.current) return
    const timer = setTimeout(() => {
      sent.current = typed
      latest.current(typed)
    }, PAUSE)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <search className="relative min-w-0 flex-1 basis-56">
      <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" />
      <Input
        type="search"
        aria-label={t('workflows.find')}
        placeholder={t('workflows.find')}
        maxLength={200}
        value={typed}
        onChange={event => setTyped(event.target.value)}
        className="pl-9"
      />
    </search>
  )
}
