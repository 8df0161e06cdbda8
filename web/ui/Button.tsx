import { LoaderCircle, Lock } from 'lucide-react'
import { type ComponentProps, type MouseEvent, type ReactNode, useId } from 'react'
import { type ButtonLook, buttonLook } from './button.ts'
import { classes } from './classes.ts'
import { Tip } from './Tip.tsx'

type Props = Omit<ComponentProps<'button'>, 'disabled'> &
  ButtonLook & {
    /** Something is on its way: the button shows it and takes no second press. */
    busy?: boolean | undefined
    /** Why it cannot be pressed; it stays reachable so that everybody can read the reason. */
    why?: string | undefined
    icon?: ReactNode
  }

/** A button. Never truly disabled: it tells its reason instead. */
export function Button({ variant, size, wide, busy, why, icon, children, className, onClick, type, ...rest }: Props) {
  const reason = useId()
  const blocked = busy === true || why !== undefined
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (blocked) event.preventDefault()
    else onClick?.(event)
  }
  const lead = busy ? (
    <LoaderCircle aria-hidden className="size-4 animate-spin" />
  ) : why && icon ? (
    <Lock aria-hidden className="size-4" />
  ) : (
    icon
  )
  const button = (
    <button
      type={type ?? 'button'}
      {...rest}
      onClick={press}
      aria-disabled={blocked || undefined}
      aria-busy={busy || undefined}
      aria-describedby={why ? reason : rest['aria-describedby']}
      className={classes(buttonLook({ variant, size, wide }), className)}
    >
      {lead}
      {children}
      {why && (
        <span id={reason} hidden>
          {why}
        </span>
      )}
    </button>
  )
  return why ? <Tip text={why}>{button}</Tip> : button
}
