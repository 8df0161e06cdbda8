import { type Frame, serve } from '#http/serve.ts'
import type { World } from '#world.ts'
import * as it from './contract.ts'
import { changeCredential, createCredential, credentials, deleteCredential } from './credentials.ts'

/** Every endpoint of credentials. */
export function routes(frame: Frame, world: World): void {
  serve(frame, it.credentials, given => credentials(world, given))
  serve(frame, it.createCredential, given => createCredential(world, given))
  serve(frame, it.changeCredential, given => changeCredential(world, given))
  serve(frame, it.deleteCredential, given => deleteCredential(world, given))
}
