import type { Control as Plain } from '../ui/Field.tsx'

/** What a field hands to its control; inside of a row the name of the field comes with it. */
export type Control = Plain & { 'aria-label'?: string }
