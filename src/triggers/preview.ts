import { iso } from '#http/contract.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { demandStart, readParams } from './create.ts'

/** The next times at which a trigger would start; none for one that does not know them beforehand. */
export function preview(world: World, { body }: Given<typeof contract.preview>) {
  const block = demandStart(world, body.block)
  const params = readParams(block, body.params)
  const times: string[] = []
  const since = body.from === undefined ? world.clock.now() : Date.parse(body.from)
  for (let after: number | null = since; block.start.by === 'time' && times.length < body.count; ) {
    after = block.start.next(params, after, { zone: body.timezone, since })
    if (after === null) break
    times.push(iso(after))
  }
  return { times, timezone: zoneOf(params) ?? body.timezone }
}

/** A trigger may have a zone of its own. */
function zoneOf(params: unknown): string | null {
  const zone: unknown = Reflect.get(Object(params), 'timezone')
  return typeof zone === 'string' && zone !== '' ? zone : null
}
