import { canvas } from './en/canvas.ts'
import { door } from './en/door.ts'
import { errors } from './en/errors.ts'
import { forms } from './en/forms.ts'
import { frame } from './en/frame.ts'
import { house } from './en/house.ts'
import { inspector } from './en/inspector.ts'
import { runs } from './en/runs.ts'
import { settings } from './en/settings.ts'
import { share } from './en/share.ts'
import { workflows } from './en/workflows.ts'

/** Every word of the product in English. */
export const en = {
  ...frame,
  ...door,
  ...house,
  ...settings,
  ...share,
  ...canvas,
  ...forms,
  ...inspector,
  ...runs,
  ...workflows,
  ...errors,
}

/** The same sentences in another language: every one of them, and none besides. */
export type Words<T = typeof en> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> }
