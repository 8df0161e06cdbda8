import { Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from './classes.ts'

/** How everything that takes text is drawn. */
export const inputLook =
  'h-10 w-full min-w-0 rounded-lg border border-edge bg-well px-3 text-sm text-text transition-colors hover:border-muted/50 focus-visible:border-ring focus-visible:outline-offset-0 aria-invalid:border-danger [&[readonly]]:text-muted pointer-coarse:h-11 pointer-coarse:text-base'

/** One line of text. Its direction follows what is written. */
export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input dir="auto" {...rest} className={classes(inputLook, className)} />
}

/** A password, hidden until its owner wants to see it. */
export function Password({ className, ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  const { t } = useTranslation()
  const [shown, show] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <div className="relative">
      <Input {...rest} dir="ltr" type={shown ? 'text' : 'password'} className={classes('pr-11', className)} />
      <button
        type="button"
        aria-label={shown ? t('ui.hide') : t('ui.show')}
        aria-pressed={shown}
        onClick={() => show(!shown)}
        className="absolute inset-y-1 right-1 grid w-9 place-items-center rounded-md text-muted hover:bg-hover hover:text-text"
      >
        <Icon aria-hidden className="size-4" />
      </button>
    </div>
  )
}
