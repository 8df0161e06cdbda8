import { Switch as Base } from '@base-ui/react/switch'

type Props = {
  id?: string
  label?: string
  checked: boolean
  onChange: (checked: boolean) => void
  'aria-describedby'?: string | undefined
  'aria-invalid'?: true | undefined
}

/** Something that is on or off. */
export function Switch({ id, label, checked, onChange, ...aria }: Props) {
  return (
    <Base.Root
      id={id}
      aria-label={label}
      {...aria}
      checked={checked}
      onCheckedChange={onChange}
      className="relative h-5.5 w-10 shrink-0 cursor-pointer rounded-full border border-edge bg-well transition-colors data-checked:border-accent data-checked:bg-accent/25 disabled:cursor-not-allowed pointer-coarse:h-7 pointer-coarse:w-12"
    >
      <Base.Thumb className="block size-4 translate-x-0.5 rounded-full bg-muted transition-transform data-checked:translate-x-5 data-checked:bg-accent pointer-coarse:size-5.5 pointer-coarse:data-checked:translate-x-5.5" />
    </Base.Root>
  )
}
