import { type Frame, serve } from '#http/serve.ts'
import type { World } from '#world.ts'
import * as it from './contract.ts'
import { executionDays } from './days.ts'

/** Every endpoint of insights. */
export function routes(frame: Frame, world: World): void {
  serve(frame, it.executionDays, given => executionDays(world, given))
}
