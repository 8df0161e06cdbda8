import { canvas } from './de/canvas.ts'
import { door } from './de/door.ts'
import { errors } from './de/errors.ts'
import { forms } from './de/forms.ts'
import { frame } from './de/frame.ts'
import { house } from './de/house.ts'
import { inspector } from './de/inspector.ts'
import { runs } from './de/runs.ts'
import { settings } from './de/settings.ts'
import { share } from './de/share.ts'
import { workflows } from './de/workflows.ts'
import type { Words } from './en.ts'

/** Every word of the product in German. */
export const de: Words = {
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
