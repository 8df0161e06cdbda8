import { Fault } from '#errors.ts'
import { checkInput } from '#executions/input.ts'
import type { Runner } from '#executions/runner.ts'
import type { DoorAnswer, Knock } from '#http/door.ts'
import { admit } from './admit.ts'
import { answer, json } from './answer.ts'
import { type Call, readCall, shownCall, Unfit, unpackBody } from './call.ts'
import { type Door, findDoor } from './doors.ts'
import { refuseTooMany } from './rate.ts'
import { noteRefused } from './refused.ts'
import { isRehearsal, rehearsed } from './rehearsed.ts'
import { noteAgain, takeOnce } from './take.ts'
import { challengeOf } from './verify.ts'

/** Takes a call of a webhook: starts its workflow and answers as its node says. */
export async function hook(runner: Runner, knock: Knock): Promise<DoorAnswer> {
  const key = knock.params.key ?? ''
  if (isRehearsal(key)) return rehearsed(runner.shell, key, knock)
  const door = await findDoor(runner.shell, key)
  try {
    return await take(runner, door, knock)
  } catch (error) {
    if (error instanceof Fault) await noteRefused(runner, door, knock, error)
    throw error
  }
}

async function take(runner: Runner, door: Door, knock: Knock): Promise<DoorAnswer> {
  const { shell } = runner
  const admitted = admit(door, knock, shell.world.clock.now())
  if ('preflight' in admitted) return admitted.preflight
  refuseTooMany(shell, door)
  await unpackBody(door, knock)
  const hash = door.same?.ofBody(knock.body) ?? null
  const call = await readCall(shell.world, door.workspace, door, knock)
  const challenge = challengeOf(door.verify, call.body)
  if (challenge !== null) return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: challenge }
  const input = { ...call, body: fitting(door, call) }
  const same = hash ?? door.same?.ofCall(input, knock.headers) ?? null
  const marks = { proof: admitted.proof, same: door.same && same ? { hash: same, window: door.same.window } : null }
  const shown = shownCall(knock)
  const taken = await takeOnce(runner, door, marks, { input, line: { outcome: 'fired', call: shown } })
  if (taken) return answer(runner, door, taken, knock)
  const first = await noteAgain(runner, door, marks, shown)
  return json(200, { executionId: first, duplicate: true }, first)
}

function fitting({ ready, nodeId }: Door, call: Call): unknown {
  try {
    return checkInput(ready, nodeId, call.body, 'body')
  } catch (error) {
    if (error instanceof Fault && error.code === 'execution.bad_input') throw new Unfit(error.details, call, error)
    throw error
  }
}
