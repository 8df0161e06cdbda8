import { cva, type VariantProps } from 'class-variance-authority'

/** How a button, or a link that looks like one, is drawn. */
export const buttonLook = cva(
  'relative inline-flex shrink-0 select-none items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-[background,border-color,color,box-shadow,filter] aria-disabled:cursor-not-allowed aria-disabled:opacity-55 aria-disabled:saturate-50',
  {
    variants: {
      variant: {
        primary:
          'primary font-semibold shadow-lift not-aria-disabled:hover:brightness-110 not-aria-disabled:active:brightness-95',
        plain: 'border border-edge bg-surface text-text not-aria-disabled:hover:bg-hover not-aria-disabled:active:bg-press',
        quiet: 'text-muted not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-text not-aria-disabled:active:bg-press',
        danger:
          'border border-danger/40 text-danger not-aria-disabled:hover:bg-danger-soft not-aria-disabled:active:bg-danger-soft',
        destroy:
          'bg-danger-solid font-semibold text-on-danger not-aria-disabled:hover:brightness-110 not-aria-disabled:active:brightness-95',
      },
      size: {
        small: 'h-8 px-2.5 text-[0.8125rem] pointer-coarse:h-10',
        medium: 'h-9 px-3.5 text-sm pointer-coarse:h-11',
        large: 'h-11 px-5 text-[0.9375rem]',
        icon: 'size-9 text-sm pointer-coarse:size-11',
        tiny: 'size-7 text-sm pointer-coarse:size-10',
      },
      wide: { true: 'w-full' },
    },
    defaultVariants: { variant: 'plain', size: 'medium' },
  },
)

/** The looks a button can have. */
export type ButtonLook = VariantProps<typeof buttonLook>
