/**
 * Hints for the form, in `meta` beside `title` and `description`:
 * `field: z.string().meta({ title: 'Message', ui: 'longtext' })`.
 */
export type Ui =
  | 'text'
  | 'longtext'
  | 'code'
  | 'secret'
  | 'json'
  | 'conditions'
  | 'pairs'
  | 'duration'
  | 'datetime'
  | 'timezone'
  | 'workflow'
  | 'file'
  | 'members'
  | 'list'
  | 'cron'
  | 'model'

declare module 'zod' {
  interface GlobalMeta {
    ui?: Ui
    /** Shown under “more options”. */
    advanced?: boolean
    /** Fields with the same word here stand together under it. */
    section?: string
    /** Of a model: it must have one of these abilities. */
    able?: string[]
    /** Shown only while another field has one of these values. */
    when?: { field: string; is: unknown[] }
  }
}
