import type { Schema } from './check.ts'
import type { Facts } from './find.ts'

/** Where in an answer something is to be filled in, and out of what. */
export type Place = {
  facts: Facts
  root: Schema
  /** Of the property, or of the list it is in. */
  name: string
  /** What the schema says of it in words. */
  about: string
  depth: number
  /** Another value than those before it, in a list whose entries must differ. */
  nth: number
  /** Only what must be there is filled in from here on. */
  bare: boolean
  /** The schemas that were referred to on the way here. */
  path: readonly unknown[]
  /** How many values the answer may still have. */
  left: { values: number }
  /** What would be written in free words. */
  draft: () => string
}

/** A value, and how much of it was found in the text. */
export type Filled = { value: unknown; found: number }
