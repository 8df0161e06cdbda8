import { type Frame, serve } from '#http/serve.ts'
import type { World } from '#world.ts'
import { routes as budgets } from './budgets/routes.ts'
import * as it from './contract.ts'
import { setPrice } from './price.ts'
import { models } from './shown.ts'
import { testCredential } from './try.ts'

/** Every endpoint of models. */
export function routes(frame: Frame, world: World): void {
  budgets(frame, world)
  serve(frame, it.models, given => models(world, given))
  serve(frame, it.setPrice, given => setPrice(world, given))
  serve(frame, it.testCredential, given => testCredential(world, given))
}
