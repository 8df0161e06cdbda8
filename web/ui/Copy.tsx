import { Check, Copy as CopyIcon } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './Button.tsx'
import { classes } from './classes.ts'
import { toClipboard } from './clipboard.ts'

type Props = { text: string; label?: string; bare?: boolean; variant?: 'plain' | 'quiet'; className?: string }

/** Puts a text on the clipboard and says so. `bare` shows only the icon. */
export function Copy({ text, label, bare = false, variant = 'plain', className }: Props) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const words = copied ? t('ui.copied') : (label ?? t('ui.copy'))
  const icon = copied ? <Check aria-hidden className="size-4 text-success" /> : <CopyIcon aria-hidden className="size-4" />
  return (
    <Button
      variant={variant}
      size={bare ? 'tiny' : 'small'}
      icon={icon}
      aria-label={bare ? words : undefined}
      onClick={() => toClipboard(text).then(setCopied)}
      className={className}
    >
      {!bare && words}
      <span role="status" className="sr-only">
        {copied ? t('ui.copied') : ''}
      </span>
    </Button>
  )
}

/** A line or block of code that can be copied. */
export function Code({ text, label, className }: { text: string; label: string; className?: string }) {
  const box = useRef<HTMLPreElement>(null)
  return (
    <section aria-label={label} className={classes('relative min-w-0 rounded-xl border border-line bg-well', className)}>
      <pre
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-96 overflow-auto rounded-xl p-3.5 pr-12 text-[0.8125rem] leading-relaxed whitespace-pre"
      >
        <code>{text}</code>
      </pre>
      <Copy text={text} bare variant="quiet" className="absolute top-2 right-2 bg-glass" />
    </section>
  )
}
