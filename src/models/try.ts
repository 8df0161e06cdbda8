import { Fault, messageOf } from '#errors.ts'
import type { Given } from '#http/serve.ts'
import type { World } from '#world.ts'
import type * as contract from './contract.ts'
import { PROVIDERS } from './models.ts'
import { findCredential } from './queries.ts'

const PATIENCE = 20_000

/** Makes a real call with a credential: asks for the list of models, which costs nothing and needs the key. */
export async function testCredential(world: World, { caller, params, signal }: Given<typeof contract.testCredential>) {
  const row = await findCredential(world.db, caller.workspace, params.id)
  if (!row) throw new Fault('credential.not_found')
  const provider = PROVIDERS.find(one => one.credential?.id === row.kind)
  if (!provider) throw new Fault('credential.untestable')
  const opened = await world.models.open(caller.workspace, provider, row.id)
  try {
    const listed = (await opened.list?.(AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]))) ?? []
    return { ok: true, message: `It works: ${provider.title} lists ${listed.length} models.` }
  } catch (error) {
    signal.throwIfAborted()
    return { ok: false, message: messageOf(error) }
  }
}
