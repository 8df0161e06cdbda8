import { createContext, useContext } from 'react'
import type { Problems } from './problems.ts'
import type { Reach } from './reach.ts'
import type { Schema } from './schema.ts'
import type { Path } from './values.ts'

/** Where something is inserted: a field, and the part of its text that is selected. */
export type Target = { path: Path; title: string; from: number; to: number }

/** What every field of a form can ask for. */
export type FormContext = {
  root: Schema
  problems: Problems
  disabled: boolean
  /** All parameters, as they stand. */
  values: Record<string, unknown>
  /** What templates of a field can name; null where `{{` means nothing. */
  reachOf: (path: Path) => Reach | null
  /** The time zone of the workflow. */
  timezone: string
  /** The block that is filled in. */
  block: string | null
  /** Remembers where a person was writing. */
  remember: (target: Target) => void
  /** Where that was, if it was in this field. */
  remembered: (path: Path) => { from: number; to: number } | null
}

/** The form around a field. */
export const Surroundings = createContext<FormContext | null>(null)

/** What the form around a field knows. */
export function useForm(): FormContext {
  const found = useContext(Surroundings)
  if (!found) throw new Error('A field stands outside of a form.')
  return found
}
