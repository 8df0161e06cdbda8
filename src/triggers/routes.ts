import type { Fault } from '#errors.ts'
import { callback } from '#executions/callback.ts'
import type { Runner } from '#executions/runner.ts'
import { type Knock, serveDoor } from '#http/door.ts'
import { type Frame, serve } from '#http/serve.ts'
import type { World } from '#world.ts'
import { activity, fireTrigger, replay } from './activity.ts'
import { changeTrigger, deleteTrigger } from './change.ts'
import * as it from './contract.ts'
import { createTrigger } from './create.ts'
import * as happenings from './events/contract.ts'
import { startDispatch } from './events/dispatch.ts'
import { emitEvent, events } from './events/events.ts'
import { bodyOf } from './hooks/body.ts'
import { LIMIT } from './hooks/call.ts'
import * as hooks from './hooks/contract.ts'
import { hook } from './hooks/hook.ts'
import { noteUnheard, watchRefused } from './hooks/refused.ts'
import { rehearsal, rehearsalEvents, rehearse } from './hooks/rehearse.ts'
import { changeSecret } from './hooks/secret.ts'
import * as pages from './pages/contract.ts'
import { result, resultEvents, resultFile } from './pages/follow.ts'
import { form } from './pages/form.ts'
import { submit, submitFile } from './pages/submit.ts'
import { unlock } from './pages/unlock.ts'
import { preview } from './preview.ts'
import { tendSchedules } from './schedules/schedules.ts'
import { trigger, triggers } from './triggers.ts'

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
  serve(frame, pages.form, given => form(runner.shell, given))
  serve(frame, pages.unlock, given => unlock(runner.shell, given))
  serve(frame, pages.submit, given => submit(runner.shell, given))
  serve(frame, pages.submitFile, given => submitFile(runner.shell, given))
  serve(frame, pages.result, given => result(runner.shell, given))
  serve(frame, pages.resultEvents, given => resultEvents(runner.shell, given))
  serve(frame, pages.resultFile, given => resultFile(runner.shell, given))
  serve(frame, hooks.changeSecret, given => changeSecret(world, given))
  serve(frame, hooks.rehearse, given => rehearse(world, given))
  serve(frame, hooks.rehearsal, given => rehearsal(world, given))
  serve(frame, hooks.rehearsalEvents, given => rehearsalEvents(world, given))
  watchRefused(frame, runner)
  const refused = (knock: Knock, fault: Fault) => noteUnheard(runner, knock, fault)
  serve(frame, happenings.emitEvent, given => emitEvent(runner.shell, given))
  serve(frame, happenings.events, given => events(world, given))
  startDispatch(runner)
  await serveDoor(frame, { path: '/hooks/:key', limit: LIMIT, rate: RATE, open: true, refused }, knock => hook(runner, knock))
  await serveDoor(frame, { path: '/callbacks/:token', limit: LIMIT, rate: RATE }, knock => callback(runner.shell, knock, bodyOf))
  tendSchedules(runner)
}
