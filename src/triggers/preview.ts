import { Fault } from '#errors.ts'
import { iso } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import { Refused } from '#sdk/fail.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { demandStart, readParams } from './create.ts'

/** The next times at which a trigger would start; none for one that does not know them beforehand. */
export function preview(world: World, { body }: Given<typeof contract.preview>) {
  const block = demandStart(world, body.block)
  const params = readParams(block, body.params)
  const times: string[] = []
  const { start } = block
  const since = body.from === undefined ? world.clock.now() : Date.parse(body.from)
  if (start.by === 'time')
    refuseUnmeant(() => {
      for (let at: number | null = since; at !== null && times.length < body.count; ) {
        at = start.next(params, at, { zone: body.timezone, since })
        if (at !== null) times.push(iso(at))
      }
    })
  return { times, timezone: zoneOf(params) ?? body.timezone }
}

/** What a trigger does not take is the caller's to mend. */
function refuseUnmeant(what: () => void): void {
  try {
    what()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    throw new Fault('trigger.bad_params', {
      message: error.message,
      details: [{ path: 'body.timezone', message: error.message }],
      cause: error,
    })
  }
}

/** A trigger may have a zone of its own. */
function zoneOf(params: unknown): string | null {
  const zone: unknown = Reflect.get(Object(params), 'timezone')
  return typeof zone === 'string' && zone !== '' ? zone : null
}
