import { type Frame, serve } from '#http/serve.ts'
import type { World } from '#world.ts'
import { budget, budgets, changeBudget, createBudget, deleteBudget } from './budgets.ts'
import * as it from './contract.ts'

/** Every endpoint of budgets. */
export function routes(frame: Frame, world: World): void {
  serve(frame, it.budgets, given => budgets(world, given))
  serve(frame, it.createBudget, given => createBudget(world, given))
  serve(frame, it.budget, given => budget(world, given))
  serve(frame, it.changeBudget, given => changeBudget(world, given))
  serve(frame, it.deleteBudget, given => deleteBudget(world, given))
}
