import { type ClassValue, clsx } from 'clsx'
import { twMerge } from 'tailwind-merge'

/** Joins class names; where two say different things, the later one wins. */
export const classes = (...values: ClassValue[]): string => twMerge(clsx(values))
