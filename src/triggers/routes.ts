import { callback } from '#executions/callback.ts'
import type { Runner } from '#executions/runner.ts'
import { serveDoor } from '#http/door.ts'
import { type Frame, serve } from '#http/serve.ts'
import type { World } from '#world.ts'
import { activity, fireTrigger, replay } from './activity.ts'
import { changeTrigger, deleteTrigger } from './change.ts'
import * as it from './contract.ts'
import { createTrigger } from './create.ts'
import { bodyOf } from './hooks/body.ts'
import { hook } from './hooks/hook.ts'
import { preview } from './preview.ts'
import { trigger, triggers } from './triggers.ts'

/** The most bytes a webhook takes. */
const LIMIT = 16 * 2 ** 20
/** Calls per minute and address. */
const RATE = 6_000

/** Every endpoint of triggers, and the doors that other programs knock at. */
export async function routes(frame: Frame, world: World, runner: Runner): Promise<void> {
  serve(frame, it.triggers, given => triggers(world, given))
  serve(frame, it.createTrigger, given => createTrigger(world, given))
  serve(frame, it.preview, given => preview(world, given))
  serve(frame, it.trigger, given => trigger(world, given))
  serve(frame, it.changeTrigger, given => changeTrigger(world, given))
  serve(frame, it.deleteTrigger, given => deleteTrigger(world, given))
  serve(frame, it.activity, given => activity(runner.shell, given))
  serve(frame, it.replay, given => replay(runner.shell, given))
  serve(frame, it.fireTrigger, given => fireTrigger(runner.shell, given))
  await serveDoor(frame, { path: '/hooks/:key', limit: LIMIT, rate: RATE }, knock => hook(runner, knock))
  await serveDoor(frame, { path: '/callbacks/:token', limit: LIMIT, rate: RATE }, knock => callback(runner.shell, knock, bodyOf))
}
