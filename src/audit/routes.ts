import { type Frame, serve } from '#http/serve.ts'
import type { World } from '#world.ts'
import * as it from './contract.ts'
import { audit, auditStream, exportAudit } from './log.ts'

/** Every endpoint of the audit log. */
export function routes(frame: Frame, world: World): void {
  serve(frame, it.audit, given => audit(world, given))
  serve(frame, it.exportAudit, given => exportAudit(world, given))
  serve(frame, it.auditStream, given => auditStream(world, given))
}
