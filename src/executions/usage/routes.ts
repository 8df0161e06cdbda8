import { type Frame, serve } from '#http/serve.ts'
import type { World } from '#world.ts'
import * as it from './contract.ts'
import { exportUsage, usage } from './usage.ts'

/** Every endpoint of usage. */
export function routes(frame: Frame, world: World): void {
  serve(frame, it.usage, given => usage(world, given))
  serve(frame, it.exportUsage, given => exportUsage(world, given))
}
